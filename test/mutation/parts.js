const unit = (folder, ...names) => names.map((name) => `test/unit/${folder}/${name}.test.ts`)

/**
 * What is mutated, part by part: files, and the suites that judge them. Not the self-test: it is a test itself, and has
 * one of its own that turns round the outcome of every call in it (test/unit/xmlsec/self-test.test.ts).
 */
export const parts = {
  'xmlsec/structure': {
    mutate: ['src/xmlsec/{signature,signed-info,key-info,placement,shape}.ts'],
    suites: unit('xmlsec', 'signature', 'signed-info', 'placement', 'wrapping', 'shape', 'key-info'),
  },
  'xmlsec/verification': {
    mutate: ['src/xmlsec/{cover,verify,octets}.ts'],
    suites: unit('xmlsec', 'signature', 'verify', 'wrapping', 'plaintext', 'octets'),
  },
  'xmlsec/signing': {
    mutate: ['src/xmlsec/{sign,signed}.ts'],
    suites: unit('xmlsec', 'sign', 'verify'),
  },
  'xmlsec/encryption': {
    mutate: ['src/xmlsec/{encrypt,encrypted-data,encryption-policy}.ts'],
    suites: unit('xmlsec', 'decrypt', 'encrypt', 'encrypted-data', 'algorithms'),
  },
  'xmlsec/agreement': {
    mutate: ['src/xmlsec/{agreement,concat-kdf}.ts'],
    suites: unit('xmlsec', 'decrypt', 'encrypted-data', 'concat-kdf'),
  },
  'xmlsec/decryption': {
    mutate: ['src/xmlsec/{decrypt,plaintext,recipients}.ts'],
    suites: unit('xmlsec', 'decrypt', 'plaintext', 'recipients'),
  },
  'xmlsec/keys': {
    mutate: ['src/xmlsec/{algorithms,base64,keys,national-key}.ts'],
    suites: unit('xmlsec', 'algorithms', 'base64', 'keys', 'national-key', 'decrypt'),
  },
  'xmlsec/certificates': {
    mutate: ['src/xmlsec/{certificate,curves,der}.ts'],
    suites: unit('xmlsec', 'certificate', 'curves', 'der'),
  },
  'saml/rules': { mutate: ['src/saml/rules/*.ts'], suites: unit('saml/rules', '*') },
  'eidas/request-rules': {
    mutate: ['src/profiles/eidas/request-rules.ts'],
    suites: unit('profiles/eidas', 'request', 'request-rules'),
  },
  'eidas/sending-rules': {
    mutate: ['src/profiles/eidas/sending-rules.ts'],
    suites: unit('profiles/eidas', 'sending', 'sending-rules'),
  },
  'eidas/value-rules': {
    mutate: ['src/profiles/eidas/value-rules.ts'],
    suites: unit('profiles/eidas', 'value-bounds', 'outcome'),
  },
}

/** Tests that take seconds, by the beginning of their titles: asked only about what no other test reaches. */
export const slow = [
  'what was verified is what is read (rule 17) A-070',
  'A-107: keys are judged when they are loaded A-106: an RSA key bound to PSS parameters',
  'a key of every kind is judged good: RSA-4096',
]
