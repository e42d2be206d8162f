import { type DefaultTreeAdapterTypes, parse } from 'parse5'

/** What a user agent needs of a page: its forms, marked elements and refresh. */

export interface Control {
  readonly name: string
  readonly value: string
  /** `submit` for every kind of submit button; otherwise input's type, `select` or `textarea`. */
  readonly kind: string
  /** For radio, checkbox and a select's options: whether it goes with the form as it stands. */
  readonly chosen: boolean
}

export interface Form {
  readonly action: string
  readonly method: 'get' | 'post'
  readonly controls: readonly Control[]
}

export interface MarkedElement {
  readonly attributes: ReadonlyMap<string, string>
  readonly text: string
}

type Node = DefaultTreeAdapterTypes.Node
type Element = DefaultTreeAdapterTypes.Element

/** The page's forms in document order, each with its controls; disabled controls and those without a name left out. */
export function readForms(page: string): readonly Form[] {
  return elementsOf(page)
    .filter(({ tagName }) => tagName === 'form')
    .map((form) => ({
      action: attribute(form, 'action') ?? '',
      method: attribute(form, 'method')?.toLowerCase() === 'post' ? 'post' : 'get',
      controls: elementsBelow(form).flatMap(readControl),
    }))
}

/** Every element that has this attribute, in document order, with the text inside it. */
export function readMarked(page: string, mark: string): readonly MarkedElement[] {
  return elementsOf(page)
    .filter((element) => attribute(element, mark) !== undefined)
    .map((element) => ({
      attributes: new Map(element.attrs.map(({ name, value }) => [name, value])),
      text: textOf(element),
    }))
}

/** Where the page leads by itself (meta refresh), if it does. */
export function readRefresh(page: string): string | undefined {
  const refresh = elementsOf(page).find((element) => attribute(element, 'http-equiv')?.toLowerCase() === 'refresh')
  const content = refresh === undefined ? undefined : attribute(refresh, 'content')
  return /^\s*\d+\s*;\s*url\s*=\s*['"]?([^'"]+)/i.exec(content ?? '')?.[1]
}

/** What `noscript` holds is read: the user agent has scripts switched off. */
function elementsOf(page: string): readonly Element[] {
  return elementsBelow(parse(page, { scriptingEnabled: false }))
}

function elementsBelow(node: Node): readonly Element[] {
  return childrenOf(node).flatMap((child) => ('tagName' in child ? [child, ...elementsBelow(child)] : []))
}

function childrenOf(node: Node): readonly Node[] {
  return 'childNodes' in node ? node.childNodes : []
}

function textOf(node: Node): string {
  return 'value' in node ? node.value : childrenOf(node).map(textOf).join('')
}

function attribute({ attrs }: Element, name: string): string | undefined {
  return attrs.find((one) => one.name === name)?.value
}

function readControl(element: Element): readonly Control[] {
  if (attribute(element, 'disabled') !== undefined) return []
  const value = attribute(element, 'value') ?? ''
  if (element.tagName === 'select') return optionsOf(element)
  const kind = kindOf(element.tagName, attribute(element, 'type')?.toLowerCase())
  const name = attribute(element, 'name') ?? ''
  if (kind === undefined || (name === '' && kind !== 'submit')) return []
  const isChoice = kind === 'radio' || kind === 'checkbox'
  const chosen = isChoice ? attribute(element, 'checked') !== undefined : true
  return [{ name, value: isChoice && value === '' ? 'on' : value, kind, chosen }]
}

function optionsOf(select: Element): readonly Control[] {
  const name = attribute(select, 'name')
  if (name === undefined) return []
  return elementsBelow(select)
    .filter((one) => one.tagName === 'option' && attribute(one, 'disabled') === undefined)
    .map((option) => ({
      name,
      value: attribute(option, 'value') ?? '',
      kind: 'select',
      chosen: attribute(option, 'selected') !== undefined,
    }))
}

function kindOf(element: string, type: string | undefined): string | undefined {
  if (element === 'textarea') return 'textarea'
  if ((element !== 'input' && element !== 'button') || type === 'button' || type === 'reset') return undefined
  if (element === 'button' || type === 'image') return 'submit'
  return type ?? 'text'
}
