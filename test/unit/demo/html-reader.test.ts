import { readForms, readMarked, readRefresh } from '../../../demo/html-reader.ts'

describe('forms', () => {
  test('attributes are read in any order, case and quotes, with references decoded', () => {
    const [form] = readForms(`<!-- <form action="/no"> -->
      <FORM Action='/a?b=1&amp;c=2' data-x="a > b" METHOD=post>
      <input value="1 &lt; 2 &#39;&#x41;" type=hidden name="n"><br/>
      <button value=go name='action'>Go</button></FORM><input name="outside">`)
    expect(form).toEqual({
      action: '/a?b=1&c=2',
      method: 'post',
      controls: [
        { name: 'n', value: "1 < 2 'A", kind: 'hidden', chosen: true },
        { name: 'action', value: 'go', kind: 'submit', chosen: true },
      ],
    })
  })

  test('scripts and styles hold no elements', () => {
    expect(readForms('<script>"<form>"</script><style>/*<form>*/</style>')).toEqual([])
  })

  test('choices say which is chosen; disabled and nameless controls are left out', () => {
    const [form] =
      readForms(`<form><select name="country"><option value="XA">A</option><option selected value="XB">B</select>
      <input type="radio" name="r" value="1" checked><input type="checkbox" name="c"><input name="d" disabled><input type="text">
      <button type="button" name="b">No</button></form>`)
    expect(form?.method).toBe('get')
    expect(form?.controls.map(({ name, value, chosen }) => [name, value, chosen])).toEqual([
      ['country', 'XA', false],
      ['country', 'XB', true],
      ['r', '1', true],
      ['c', 'on', false],
    ])
  })
})

test('marked elements give their text, decoded, with what is inside them', () => {
  const page = '<div><p data-x="1">a <b>&amp; b</b><br></p></div><span data-x="2">c</span><i>d</i>'
  expect(readMarked(page, 'data-x').map(({ attributes, text }) => [attributes.get('data-x'), text])).toEqual([
    ['1', 'a & b'],
    ['2', 'c'],
  ])
})

test('a refresh is found by its http-equiv', () => {
  expect(readRefresh('<meta content="0; url=/next?a=1&amp;b=2" http-equiv="Refresh">')).toBe('/next?a=1&b=2')
  expect(readRefresh('<meta name="viewport" content="0; url=/no">')).toBeUndefined()
})
