import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Something signed, in files. */
export interface SignedFile {
  /** Path of the XML; absolute, or samlsign does not find it. */
  readonly xml: string
  /** Path of the PEM certificate it must verify under. */
  readonly certificate: string
  /** Namespace and local name of the root, with a colon between them, as xmlsec1 wants it. */
  readonly root: string
}

/** Another implementation of XML signatures. */
export interface Verifier {
  /** Whether it knows the algorithm. */
  knows(algorithm: string): boolean
  /** For each file whether it verifies. */
  verify(files: readonly SignedFile[]): readonly boolean[]
}

const isPss = (algorithm: string) => algorithm.endsWith('-MGF1')

/** Runs a program to its end; throws when it is not there. */
function run(program: string, ...words: readonly string[]) {
  const { status, error, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' })
  if (error !== undefined) throw error
  return { succeeded: status === 0, stdout, stderr }
}

export const verifiers: Readonly<Record<string, Verifier>> = {
  /** OpenSAML and Apache Santuario in C++. */
  samlsign: {
    knows: (algorithm) => !isPss(algorithm),
    verify: (files) => files.map(({ xml, certificate }) => run('samlsign', '-c', certificate, '-f', xml).succeeded),
  },
  /** libxml2 and OpenSSL. */
  xmlsec1: {
    knows: (algorithm) => !isPss(algorithm),
    verify: (files) =>
      files.map(({ xml, certificate, root }) => {
        const key = ['--enabled-key-data', 'raw-x509-cert', '--pubkey-cert-pem', certificate]
        return run('xmlsec1', '--verify', ...key, '--id-attr:ID', root, xml).succeeded
      }),
  },
  /** The JDK; one launch for all files, as most of its time goes into starting. */
  java: {
    knows: () => true,
    verify(files) {
      const program = fileURLToPath(new URL('../vectors/Verify.java', import.meta.url))
      const jobs = files.flatMap(({ xml, certificate }) => ['verify', xml, certificate])
      const { stdout, stderr } = run('java', program, ...jobs)
      const answers = stdout.trim().split('\n')
      if (answers.length !== files.length) throw new Error(stderr)
      return answers.map((answer) => answer === 'true')
    },
  },
}
