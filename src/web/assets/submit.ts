/** Taken from the prototype, so a field named `submit` cannot stand in its way. */
export const submit = `for (const form of document.querySelectorAll('form[data-submit]')) HTMLFormElement.prototype.submit.call(form)
`
