#!/usr/bin/env node
import { build, hasSources } from './build.js'

if (hasSources) build()
await import('../dist/src/main.js')
