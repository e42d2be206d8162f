import { foreign, html } from '../../../src/web/html.ts'

describe('html', () => {
  it('escapes what is interpolated into text', () => {
    const text = `<script>alert("1") & 'x'</script>`
    expect(html`<p>${text}</p>`.toString()).toBe(
      '<p>&lt;script&gt;alert(&quot;1&quot;) &amp; &#39;x&#39;&lt;/script&gt;</p>',
    )
  })

  it('escapes what is interpolated into a quoted attribute', () => {
    expect(html`<a title="${'"><script>'}">x</a>`.toString()).toBe('<a title="&quot;&gt;&lt;script&gt;">x</a>')
  })

  it('keeps a bare carriage return, which a parser would turn into a line feed', () => {
    expect(html`<i title="${'a\rb'}"></i>`.toString()).toBe('<i title="a&#13;b"></i>')
  })

  it('takes HTML as it is, lists one after the other, undefined as nothing', () => {
    const items = ['a', '<'].map((item) => html`<li>${item}</li>`)
    expect(html`<ul>${items}</ul>${undefined}${3}`.toString()).toBe('<ul><li>a</li><li>&lt;</li></ul>3')
  })

  it('does not take an object that looks like HTML for HTML', () => {
    const disguised = { toString: () => '<script>' }
    // @ts-expect-error: only HTML, text, numbers and lists of them compile
    expect(() => html`<p>${disguised}</p>`).toThrow(TypeError)
  })

  it('refuses to build an attribute without quotes', () => {
    expect(() => html`<a title=${'x onclick=alert(1)'}>x</a>`).toThrow(TypeError)
    expect(() => html`<a ${'onclick'}="x">x</a>`).toThrow(TypeError)
    expect(() => html`<a title='${'x'}'>x</a>`).toThrow(TypeError)
  })

  it('refuses HTML inside a tag, where its own quotes would end the attribute', () => {
    expect(() => html`<a title="${html`<b>`}">x</a>`).toThrow(TypeError)
  })

  it('knows text from tag after an interpolated value that holds either bracket', () => {
    expect(html`<p title="${'<'}">${'>'}</p>`.toString()).toBe('<p title="&lt;">&gt;</p>')
  })
})

describe('foreign', () => {
  it('isolates the writing direction of a string of somebody else (A-247)', () => {
    expect(foreign('\u202Ecba<').toString()).toBe('<bdi>\u202Ecba&lt;</bdi>')
  })
})
