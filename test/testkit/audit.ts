import type { Page } from 'playwright-core'

/**
 * What a machine can see of WCAG 2.2 AA on a page as it is drawn: contrast of text (1.4.3), reflow (1.4.10), names of
 * fields (4.1.2), regions that scroll and cannot be reached by keys (2.1.1), size of targets (2.5.8), language, title,
 * landmark and heading. Everything found is returned in words.
 */
export async function auditPage(page: Page): Promise<readonly string[]> {
  const found = await page.evaluate(AUDIT)
  return Array.isArray(found) ? found.map(String) : ['the audit itself failed']
}

const AUDIT = `(() => {
  const found = new Set()
  const luminance = (colour) => {
    const [r, g, b] = colour.map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const read = (colour) => {
    const parts = colour.match(/[\\d.]+/g).map(Number)
    return parts.length < 4 ? [...parts, 1] : parts
  }
  const over = (front, back) => [0, 1, 2].map((i) => front[i] * front[3] + back[i] * (1 - front[3]))
  const line = (element) => (element === null ? [] : [...line(element.parentElement), element])
  const canvas = matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255]
  const contrast = (element) => {
    const styles = line(element).map((one) => getComputedStyle(one))
    const back = styles.reduce((below, style) => over(read(style.backgroundColor), below), canvas)
    const ink = read(getComputedStyle(element).color)
    ink[3] *= styles.reduce((all, style) => all * Number(style.opacity), 1)
    const [light, dark] = [luminance(over(ink, back)), luminance(back)].sort((a, b) => b - a)
    return (light + 0.05) / (dark + 0.05)
  }
  const seen = (element) => element.getClientRects().length > 0
  const said = (element) => element.tagName + ' ' + element.textContent.trim().slice(0, 30)
  for (const element of document.querySelectorAll('body *')) {
    const style = getComputedStyle(element)
    const speaks = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '')
    if (speaks && seen(element)) {
      const large = parseFloat(style.fontSize) >= 24
      const ratio = contrast(element)
      if (ratio < (large ? 3 : 4.5)) found.add('contrast ' + ratio.toFixed(2) + ': ' + said(element))
    }
    const scrolls = /auto|scroll/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1
    if (scrolls && element.getAttribute('tabindex') !== '0') found.add('keys cannot scroll: ' + said(element))
  }
  for (const element of document.querySelectorAll('button, a, input:not([type=hidden])')) {
    const { width, height } = element.getBoundingClientRect()
    const inline = getComputedStyle(element).display === 'inline'
    if (seen(element) && !inline && (width < 24 || height < 24)) found.add('small target: ' + said(element))
    if (element.tagName === 'INPUT' && element.labels.length === 0) found.add('no label: ' + element.name)
  }
  for (const selector of ['main', 'h1', 'body > header', 'body > footer']) {
    if (document.querySelectorAll(selector).length !== 1) found.add('not exactly one ' + selector)
  }
  if (document.documentElement.lang === '') found.add('no language')
  if (document.title === '') found.add('no title')
  const { scrollWidth } = document.documentElement
  if (scrollWidth > innerWidth) found.add('wider than the window: ' + scrollWidth)
  return [...found]
})()`
