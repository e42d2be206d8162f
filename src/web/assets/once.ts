/**
 * A second press on the same button while the first is under way would send a step that is used by then, and end a
 * sign-in that was going well. Another button counts, and so does the same one later. It presses nothing itself.
 */
export const once = `let pressed
let until = 0
const press = (button) => {
  pressed = button
  until = Date.now() + 10000
}
addEventListener('submit', (event) => {
  if (event.submitter === pressed && Date.now() < until) event.preventDefault()
  else press(event.submitter)
})
addEventListener('pageshow', (event) => {
  if (event.persisted) until = 0
})
`
