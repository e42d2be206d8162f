/** What is mutated, by folder, and the suites that judge it. */
export const folders = {
  xmlsec: {
    // The self-test is a test itself, and has one of its own that turns round the outcome of every call in it.
    mutate: ['src/xmlsec/*.ts', '!src/xmlsec/self-test*.ts'],
    suites: ['test/unit/xmlsec/*.test.ts'],
  },
  'saml/rules': {
    mutate: ['src/saml/rules/*.ts'],
    suites: ['test/unit/saml/rules/*.test.ts'],
  },
  'profiles/eidas': {
    mutate: ['src/profiles/eidas/*rules*.ts'],
    suites: ['test/unit/profiles/eidas/*.test.ts'],
  },
}

/** Suites that judge nothing: one reads the sources as text, one is about the self-test. */
export const unasked = ['test/unit/xmlsec/signed.test.ts', 'test/unit/xmlsec/self-test.test.ts']

/** What takes seconds, and is asked only where nothing else reaches a mutant, or about the file that the suite mirrors. */
export const slow = {
  suites: ['attribute-values.test.ts', 'certificate.test.ts', 'keys.test.ts', 'property.test.ts'],
  titles: ['what was verified is what is read (rule 17) A-070', 'a key of every kind is judged good: RSA-4096'],
}
