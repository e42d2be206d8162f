/** The one stylesheet. Contrast is 7:1 or better for text in both schemes; targets are 48 pixels high. */
export const style = `:root {
  color-scheme: light dark;
  --page: #f2f4f8; --card: #ffffff; --ink: #15202e; --soft: #45505f; --line: #c3cad6; --edge: #76839a;
  --brand: #123a7d; --brand-ink: #ffffff; --brand-over: #0b2757; --tint: #e9eefa; --mark: #ffc83d; --focus: #15202e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f141b; --card: #18202b; --ink: #eef2f7; --soft: #b9c3d0; --line: #445062; --edge: #7486a3;
    --brand: #a9c6ff; --brand-ink: #0b1a33; --brand-over: #cfe0ff; --tint: #22304a; --focus: #ffffff;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; display: flex; flex-direction: column;
  font: 1.0625rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif;
  background: var(--page); color: var(--ink); overflow-wrap: break-word;
}
.wide { width: 100%; max-width: 44rem; margin: 0 auto; padding: 0 1rem; }
header { background: #123a7d; color: #fff; border-bottom: 4px solid var(--mark); }
header .wide { display: flex; align-items: center; gap: .75rem; padding-top: .75rem; padding-bottom: .75rem; }
header img { flex: none; }
header p { margin: 0; line-height: 1.3; }
header strong { display: block; font-size: 1.1875rem; letter-spacing: .01em; }
header span { font-size: .9375rem; }
main.wide { flex: 1; padding-top: 1.5rem; padding-bottom: 2.5rem; }
h1 { margin: 0 0 .75rem; font-size: 1.75rem; line-height: 1.2; letter-spacing: -.01em; text-wrap: balance; }
p { margin: 0 0 1rem; }
.lead { font-size: 1.1875rem; margin-bottom: 1.5rem; }
.hint { color: var(--soft); }
form, table, .support { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
form { padding: 1.25rem 1rem; margin: 0; }
table + form { background: none; border: 0; padding: 0; }
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
legend { padding: 0; font-size: 1.25rem; font-weight: 650; line-height: 1.3; margin-bottom: .25rem; }
.choices { list-style: none; margin: 0; padding: 0; display: grid; gap: .5rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); }
button, .button {
  display: inline-block; min-height: 3rem; padding: .625rem 1.5rem; border: 2px solid var(--brand); border-radius: .375rem;
  background: var(--brand); color: var(--brand-ink); font: inherit; font-weight: 650; line-height: 1.3;
  text-align: center; text-decoration: none; cursor: pointer; max-width: 100%; overflow-wrap: anywhere;
}
button:hover, .button:hover { background: var(--brand-over); border-color: var(--brand-over); }
.plain { background: transparent; color: var(--brand); }
.plain:hover { background: var(--tint); border-color: var(--brand); color: var(--brand); }
.choice { display: flex; align-items: center; gap: .75rem; width: 100%; height: 100%; padding: .5rem .75rem; text-align: start; background: var(--card); color: var(--ink); border: 1px solid var(--edge); font-weight: 500; }
.choice:hover { background: var(--tint); border-color: var(--brand); color: var(--ink); }
.code { flex: none; min-width: 2.5rem; padding: .125rem .25rem; border-radius: .25rem; background: var(--tint); color: var(--brand); font-size: .875rem; font-weight: 700; letter-spacing: .04em; text-align: center; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; box-shadow: 0 0 0 6px var(--mark); border-radius: .375rem; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin: 0; }
fieldset + .actions { margin-top: 1.25rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
table { width: 100%; border-collapse: separate; border-spacing: 0; margin-bottom: 1.5rem; }
caption { text-align: start; font-size: 1.25rem; font-weight: 650; padding-bottom: .5rem; }
th, td { padding: .625rem 1rem; text-align: start; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--soft); font-size: .9375rem; }
tbody th { width: 42%; font-weight: 500; color: var(--soft); }
td { font-weight: 600; overflow-wrap: anywhere; }
.support { margin: 1.5rem 0 0; padding: 1rem; border-inline-start: 6px solid var(--mark); }
.support dt { font-weight: 650; }
.support dd { margin: 0; }
code { font: 600 1.375rem/1.5 ui-monospace, "Cascadia Mono", "Liberation Mono", Menlo, Consolas, monospace; letter-spacing: .04em; overflow-wrap: anywhere; user-select: all; }
footer { border-top: 1px solid var(--line); color: var(--soft); font-size: .875rem; }
footer p { margin: 0; padding: 1rem 0; }
@media (min-width: 40rem) { main.wide { padding-top: 2.5rem; } h1 { font-size: 2.125rem; } form { padding: 1.75rem 1.5rem; } }
@media (max-width: 30rem) {
  .actions > * { width: 100%; }
  table, tbody, tr, tbody th, td, caption { display: block; width: 100%; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table { border: 0; background: none; }
  tr { padding: .625rem 1rem; background: var(--card); border: 1px solid var(--line); margin-top: -1px; }
  th, td { padding: 0; border: 0; }
  tbody th { font-size: .9375rem; }
}
@media print { header { background: none; color: inherit; } .actions { display: none; } }
`
