/** The package ships no types. */
declare module '@authenio/samlify-xmllint-wasm' {
  /** Resolves when the message is valid against the SAML 2.0 schemas. */
  export function validate(xml: string): Promise<boolean>
}
