import type { DigestAlgorithm, KeyWrap, SignatureAlgorithm } from './algorithms.ts'

/*
 * What the self-test holds the node against. Made once with OpenSSL's programs by test/vectors/self-test-vectors.js; the
 * private keys behind it exist no more. The certificates are base64 of DER, signatures base64, everything else
 * hexadecimal.
 */

export interface SignatureVector {
  /** An AuthnRequest with its signature in it. */
  readonly message: string
  /** A signature over detachedOctets. */
  readonly detached: string
  /** The right key's signatures over the same octets in another way, which must be refused. */
  readonly odd: { readonly what: string; readonly enveloped: string; readonly detached: string }
}

export interface AgreementVector {
  readonly wrap: KeyWrap
  readonly digest: DigestAlgorithm
  /** What ConcatKDF makes of agreedSecret. */
  readonly wrappingKey: string
  /** The content key, wrapped. */
  readonly wrapped: string
  /** The same with an initial value that is not RFC 3394's. */
  readonly otherInitialValue: string
  /** The first eight octets of the content key, wrapped. */
  readonly short: string
}

export const rsaCertificate =
  'MIIENTCCAp2gAwIBAgIUDb17RLoCxnmQRsgWZInE63PQtBgwDQYJKoZIhvcNAQELBQAwKTETMBEGA1UECgwKUGFzc2VyZWxsZTESMBAGA1UEAwwJU2VsZi10ZXN0MCAXDTI2MTEyMzIwNTcwMFoYDzIxMjYxMDMwMjA1NzAwWjApMRMwEQYDVQQKDApQYXNzZXJlbGxlMRIwEAYDVQQDDAlTZWxmLXRlc3QwggGiMA0GCSqGSIb3DQEBAQUAA4IBjwAwggGKAoIBgQCpPttjgiAbbhCTmDVrKG1uXkDqZszZlpY9I1sOaj16bJyHIIuFFCO9EghwH9I37mi9MOhKAkiSm1vbHYV6OPvVDD0FoTQEOT+GsddojEGmTAungJplLeQIUJsb/wmy+UNhGnt2I63ZcyR6K9Gn8MFTto2/NAZSv8AyKz3IgkcIOEghWeTK7OAiGD5mEIer+9QiGZTQlYyMQGrXlK8J7vVpXcisuiYZ0Q/8ERDznSC0Shbe+mxZWaTdpreQz1iNsYjaPROxJAkCrJzYJiJFIbT6FZ67CcfyvxaG6iU068DA8Qyg/z+Lj5Rk6BzWJ+6QwGkiKRj17Qo44dOZh586kOJPM5QY1P7WdNTdr105Ak++WPfPQrG20rb3ORiawiMAZ81Qf9oVKWX7DUDxypD2M3PqtAFnCc0VIQPmoz8cpUmPzSmXfH4aVGCiojlbIKXM94wQ+iOtQpNPzIVVpIkIoISatCkVswd7DBOnoFsTB7DBKH835tFoC/BsnjxcdWf0dz0CAwEAAaNTMFEwHQYDVR0OBBYEFCkLzYcDjF2LRlDo9UB+XxPmk41gMB8GA1UdIwQYMBaAFCkLzYcDjF2LRlDo9UB+XxPmk41gMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADggGBAESCJrIBtH1WqGSGKCpBNbOZ843Nv+N1q1IFacHOLF9pPf0BqR0UxYIDAQFHSnA+3JPh3HoR06DRaH00lXUOHXThteS61qJvqztHzqg2nNYp/NMQ6QgxEUV1jOnr8E9mzDGyQnuZFi20O8GzXrHX3lUjBSFtGLDuEc0tB3wIRboK6gVUq2pzWSDNrnJMpv2BLFFLE6Qe8u7AExTJJwnA5xiyXI/HhmjG3s6rXxBWRTsavT+J/vRfK4/+E3ETQ1Swq9NITkWnbhPrZ2UJ3LPIOLluJekt3FAdfHgjYMZxr4w6GFx0Wenbz09WYL5LwcPlhCmUiIQ/sj6vY1B9h4IvDoMP+CjNO3S7rDiuW0FE4IzNuWVtx377/yPY5eiScoZg13uwvTT5YVNqP5EX7fAzWkhynSmYGo9RI3xbAqwN3E90yzUTTbIGPx9emR8KVCGHJVhg9FC+AQoMcgbLOIG8bShgQt9U0GarLtscXaYdELsq0LDK6Gqk4SdKaMNatSiImg=='

export const ecCertificate =
  'MIIBqTCCAU+gAwIBAgIUC5R5vDfVvqGmZZXt/xUmd486DZcwCgYIKoZIzj0EAwIwKTETMBEGA1UECgwKUGFzc2VyZWxsZTESMBAGA1UEAwwJU2VsZi10ZXN0MCAXDTI2MTEyMzIwNTcwMFoYDzIxMjYxMDMwMjA1NzAwWjApMRMwEQYDVQQKDApQYXNzZXJlbGxlMRIwEAYDVQQDDAlTZWxmLXRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASOy5APUHvv7Xm6EsGcBSXObPbW8rhw26dmlUOQmE1riXFtOt20de0qRU4sNyezFMPaeHeAaxYuxzUoirswgPbWo1MwUTAdBgNVHQ4EFgQUStNO935s2yWUPxC+jSRa0qbLsWEwHwYDVR0jBBgwFoAUStNO935s2yWUPxC+jSRa0qbLsWEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiA26gqs0dryLDhQBgr0ZDteP9+GvvV561+kIuAF2z3rBAIhAJx3ARleQzEi23nHK39Gh3TZjNHgD22A/TlJP81xIw1q'

export const refusedCertificates: Readonly<Record<string, string>> = {
  'an RSA key of 2048 bits':
    'MIIDNTCCAh2gAwIBAgIUJRn+YecvfCrSD6GRIEZwzwgPjNgwDQYJKoZIhvcNAQELBQAwKTETMBEGA1UECgwKUGFzc2VyZWxsZTESMBAGA1UEAwwJU2VsZi10ZXN0MCAXDTI2MTEyMzIwNTcwMVoYDzIxMjYxMDMwMjA1NzAxWjApMRMwEQYDVQQKDApQYXNzZXJlbGxlMRIwEAYDVQQDDAlTZWxmLXRlc3QwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQCEw9qDUgQKmolp+ytH8Mnsz9W9hBz2qm5L16JqR/6ySVky2M/LDuikkUaFSVa2sdbga0V/bQXTv5FJ7dLgq5PdSkEj5UliySTjX93eaY7suujkxseLnH4UYA30YXDr8fMLRPVHrOuXdb7aP+lqv33lWRG22TS75VHQEQkj/5TJpvkTUJffr8Mi9oWDFUBluhIQ/zsTbZmFsEWCihA9Dgv+CoOvuSNUr6LfbLdFI7nxIsk1hoKfX0AQgbID0uWQiXdh684/+pZhvz4mEUiwIioXBomtzrFNPQYK3uoUvnHYlTVH3XfafuPa/d8bSPJEvCVwouDn6UqFDZ4zCW+vkcSrAgMBAAGjUzBRMB0GA1UdDgQWBBT5If6Ig9maG5SH3CUgqjgX+4KziTAfBgNVHSMEGDAWgBT5If6Ig9maG5SH3CUgqjgX+4KziTAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQAn/6nqz+xhqwqwOR1ka/5WRN/z2AQt2nmsFdQ0SZenB4xjyYv1h6B94J/NAhXGT8xPCTgcPb6oWRq6g5PeDL/v2w2ZC5E2ICMJpoCPL7U23EhwAcufW28hqXU1yMInJJybSiLuSqyvZ4pTCRNdIU8OdFGLR84b29HENANjuzR3paKDUdnFmGYOExn0+IvqSs/6/ucr+l5fxKotUDaXbXyROO+5web2JVl6NJzdBWXg8C71lvsj9Hq5hUX7QB++L8h3EtXQwlfIVhPasBv5P6Tc6ym/XJmjbnLzEqmC8KghqXbmbSslCNVzC3KMyIZm5yxM7q8L5MwRvHaVW4ahF2tw',
  'an RSA exponent of 3':
    'MIIEMzCCApugAwIBAgIUMZQqEp1QTmHkaOA5XMdLF+yXMokwDQYJKoZIhvcNAQELBQAwKTETMBEGA1UECgwKUGFzc2VyZWxsZTESMBAGA1UEAwwJU2VsZi10ZXN0MCAXDTI2MTEyMzIwNTcwMloYDzIxMjYxMDMwMjA1NzAyWjApMRMwEQYDVQQKDApQYXNzZXJlbGxlMRIwEAYDVQQDDAlTZWxmLXRlc3QwggGgMA0GCSqGSIb3DQEBAQUAA4IBjQAwggGIAoIBgQDAj6q1uoftJgEaq1yrsagWDOromvgQyhp8uJsNAn64CIaJavAJXZxsLK4qTUfageDKkScT2nLVnsBMxGVcZVVP3XQA6p8J58vbYYDDNa9Tr3JLYHguICAnPk6tWNsH2aF7BXN6MqzUUCw/C05FCiq6yJCIU+py4lp8vSgeR/d5yFyKmQHSE989YzNN0JNBCK5Y3Q99CJeiU6HsuB05sp5JJbJ1EuH151e/IxaAYwnGZPvgihcSdOmEqANPI7PQ3mhyf6ebEzQE/iHBUGL563xgOq18qWz/99bK+9XdJ+7qYe9KJIkI6slBykPXY9YfmWR02evP5RXZ65N5oAuWJ/uuE98nHRrGNWQ8aer2QkKftq1rf0HvxwYvMTPMm2FRD5SHqOErKDt2mReAgsY0absBPaR6yh8v16ueMHxwT+OV84isQCQ0zm79j6NzpdMbw5tTGC5cT4HViyfnFfyYyyineXzLVSyvvuVT54rt+TqJ6DrEKrq16exrgh6SpCY7kk8CAQOjUzBRMB0GA1UdDgQWBBQoLoD2cSaeekMYtgAS/Mrc4YwQmzAfBgNVHSMEGDAWgBQoLoD2cSaeekMYtgAS/Mrc4YwQmzAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBgQBDfrkp37Ot7V+VxsOypKL+RvUbFX1T1MHNVM6pD9gfqg6Q7r/8sHGRhqk+F+QUJDyi6EmiyAoyvH9V5Smfn/zy3HwQI+I09yVLda9BMp1tfjAiN56cbgzWF/XiZk0Wp6Zf/oexSvy4rWzhMU+5DQwg7qvqoQdfb04S34BwVrRwH8prT6v+jjms+5WxCptOcTsS9ahRECAuiRK9jr85OPnDs6isvZsfFaawI1bvmPSTxmrvTAwNNlGo1m763MJxdqkhQXDABDXQ0KcI+AavgCoHyZdqz1cfhw1NK+jj62TI4/p/5v3rPVC9CnuHGqzeGf5758nQcDQEMCCCPIapnkI77i9Zx7z3ju2fWfdfj/iQfN3RK6CbM0vHrfZaCeLTjzEI6DdEGKS4q6dosR52Blpkhna0MRdUcXGrQ3fhJspHem7/5I59HrGUjU51lH7CkGTDvHEi/OWd/aGeIO7j7Qrx4jTZ7LFCbuQ8XB+rjIaiYm+TZDOQN+PjApyRPj79sr0=',
  'a curve given by its parameters':
    'MIICnTCCAkOgAwIBAgIUC2hLZOV5qWC3/p/2sga5TXBnCLYwCgYIKoZIzj0EAwIwKTETMBEGA1UECgwKUGFzc2VyZWxsZTESMBAGA1UEAwwJU2VsZi10ZXN0MCAXDTI2MTEyMzIwNTcwMloYDzIxMjYxMDMwMjA1NzAyWjApMRMwEQYDVQQKDApQYXNzZXJlbGxlMRIwEAYDVQQDDAlTZWxmLXRlc3QwggFLMIIBAwYHKoZIzj0CATCB9wIBATAsBgcqhkjOPQEBAiEA/////wAAAAEAAAAAAAAAAAAAAAD///////////////8wWwQg/////wAAAAEAAAAAAAAAAAAAAAD///////////////wEIFrGNdiqOpPns+u9VXaYhrxlHQawzFOw9jvOPD4n0mBLAxUAxJ02CIbnBJNqZnjhE50mt4GffpAEQQRrF9Hy4SxCR/i85uVjpEDydwN9gS3rM6D0oTlF2JjClk/jQuL+Gn+bjufrSnwPnhYrzjNXazFezsu2QGg3v1H1AiEA/////wAAAAD//////////7zm+q2nF56E87nKwvxjJVECAQEDQgAEwyxOiVByrLepaxYmE3JVC5WKsPi/LK1eQr+IfaZM5BC93/Spsa17oo5QInbSvE687LfKU+Tgs9gYa2V9vTWxSaNTMFEwHQYDVR0OBBYEFE3P1WMF28VWGyAdgSt1Uxhb6vmrMB8GA1UdIwQYMBaAFE3P1WMF28VWGyAdgSt1Uxhb6vmrMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAMNnlf85iLi5o0Qy3Ybm81aZwRDE6tnKnf+xjBloQ/QEAiANs631dsR2uJtiaTfcqQ490ZLE3WzLGSXa7qfyb+uIlA==',
  'a curve that is not on the list':
    'MIIBpTCCAUygAwIBAgIUEVAGYVPrioLonxIQns4ispOm3nwwCgYIKoZIzj0EAwIwKTETMBEGA1UECgwKUGFzc2VyZWxsZTESMBAGA1UEAwwJU2VsZi10ZXN0MCAXDTI2MTEyMzIwNTcwMloYDzIxMjYxMDMwMjA1NzAyWjApMRMwEQYDVQQKDApQYXNzZXJlbGxlMRIwEAYDVQQDDAlTZWxmLXRlc3QwVjAQBgcqhkjOPQIBBgUrgQQACgNCAAQQ3CMyIDtgyr/5vRG7IV2mDa5i6BaqbaJzdMUfqJy91NWhVW47IpeympR7dmlIn8BZArLdvmEKPxjiDljs315eo1MwUTAdBgNVHQ4EFgQUZBisMI16j8JtF1E+HDY0WCrtvbwwHwYDVR0jBBgwFoAUZBisMI16j8JtF1E+HDY0WCrtvbwwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAfLRCic+YyeIzU8WJHTP2BwHOYAxQVpYXhcSLgsHSK8AIgCquAftB83rR3tMnPYil0uV2VsN3McibNtIY3NnHGrfU=',
}

export const detachedOctets = 'SAMLRequest=PHNlbGYtdGVzdC8%2B&SigAlg=self-test'

export const signatureVectors: Readonly<Record<SignatureAlgorithm, SignatureVector>> = {
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1': {
    message:
      '<saml2p:AuthnRequest xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_q0" IssueInstant="2026-01-01T00:00:00Z" Version="2.0"><saml2:Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">https://peer.example/metadata</saml2:Issuer><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"></ds:SignatureMethod><ds:Reference URI="#_q0"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>Jz0smkxxNJkHyjbKhm1Uf0UnhTMz+pjx7Pg3VWJnXqM=</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>nJ+xHc1d9YwjE7oLFkJbNPo4/IX0BoMpY6Ddj51WQUddYGgZLTkEsKkRz6d7UeABwOuAbUTzm0xVJIp29xKlqUvVrwxKGFEDN6qWb6ZnmYL2h3RokmIxeOd7rtDIXdZ4spbQjEHfkzBWVy9Uh3B2wt1L6YWJyiu/wHGtsvqBsMoRKnltcLCRC+e1rmmegCG7EMS0yb0XA+YMEvuACBRKYlAbp/hS5vkd9y7jHGX9ahQLck3MPZxOFx7IyhOPZLCY2T0RQLyJ7ti2VJ3byONurj6sB+qMkJcagLivfWruIG+EXgs21L52ysl088f422EYAFEVK2MqKzy/xznR7uhteRxTkjUR6QfJhJ91fIF/4DtHD8I4QujircuMwjdk3LzLtIyV8dAQ55/cChRo0ocTKazJMwvRP/a3QIsfLz2znyQ5U01CyNmkRXJ9PaOH+p2sIwBgRdBIRhvV1K0Ygb4o72cxWHyNlYOgPiP16TC0N0fdhrrHkXHRs5AKHW4MCpL0</ds:SignatureValue></ds:Signature></saml2p:AuthnRequest>',
    detached:
      'k9JLbQ66LFkgATzUIzVPpNtKWTE2hfCxYt5atD/yt+UJh0UiQ5Ove/cz2pbNXHzLKdSx7P+4av46/m2BikjHS94FkDtUi0DZ4LVHYLFc6tjC+EI+Q4Y6UYPKCNqUnqjfTCJjtA9YXLS4mhdMaFtEIL3GdjktWa52aqayFwQEbknDdVAHLsA22oTsGu0R+r109qWaqLGV9/pOtuJhuG0NKWuobW/0WPVNzB2Eh+PiIbP6sang8gxvYdkuCG99EpPNP/GCBcDSmZKnanQmEaZ6cs6Oszzyph5useYN1hM2KwHJoQZWxfOJcKEHqOn8UNXvn1fBBFJDczV9chK4tW20oCuKVj7NWxLz9zcKBtBJrQf997lPUhDQaY0kiz0//sJVfKt0Fm39d6c+PTbuANhrWKf1lVxsqdi3Ro7meoH5uBeHdEX/W87Q6lRZB5eS/j0b/Mk1qXV1Q9kbCXe+bLwiK47Q4vfd8lC61+nwNRV0dCby2fI+abGTwBoJRtWFPSKl',
    odd: {
      what: 'a salt of no octets',
      enveloped:
        'GCZ1XVFnwS0S/pkk1pJDbeZC5lzg5766+MWD9LyerIi6y0w55Em4FIK4GonzQ6B23lqjherPa33ueRqEt3RcV5vC9oYPXB5DnFYXVczS81er3iIIs4i9vNRCmLE90JN8H0GJ2diKevt3ax9Uu3dCHpO2tESEL8ejv8EIM1SsBF3QPjM6Ju/dM46OTVmavjWyc+HPq6XsuQWK3tBYZJUJz2rFJX97VACy6QWf0GeLTAdlMFgyy+RNl1TCVMkad9MBMHY7fDaHhS3feVGt6I4sUu+dYFHOpbsWlHomp9cXEwP0fEmqWvLhJiADTL2e6laAhQNm5xBE9JTQJCuStrWBnlrmQHEJzGrhTmRAygkPLecnita2xLkEyyrIqwsNac6uxI+wUQYzB3+dxRxgwoQtKBpxnaeV9ROlCT9M9RMwYPLgdt7uU6ENMv7A9znje3KldoVM4nkzbgn46VSGL5KBoxZrA9/5YlIJf6vT1jYLvOb4RaTdeJTL3Jal5s9eHRiE',
      detached:
        'mB/h5Di8hufX4hnwpNzLKr5H4VOR425bwnxRvGZkDlAOIMPmXZZEbl7Deh7/0qPcdsuirR8L6r41Qwxb39x8HZn1Y9MBHpP4ejLrHddVbsEQfxvaa1lA0sZ29B1vs+T2xYt0fg8Vah53h5Gev3khV1fa1UdHcHxE8FrwJagGNQT1C0yAG1jsIN1jLRI0J+UKJasLzCHEZyYcFa2x19R8DT6pvTH2WSY9Kem5QZ9k5Iiws0tg7qeQam3HHCl8SYak8jl4MPOJN4oehYL6wwhMv7r6CDKU2Ozp9bAR0vuMwDnAeRtQBS6ndZkiGGs5FvgMKoEO9ea1ZKnjnmImkJ4k98IblQMMGVrOK8JQg6h6BGPWdaYXICBUCXVVj5guJv6Dl+4kwh+oSXDXaS8vjgGaPe8sZVqLw0ttAaF89rHwo8T1blF0UKNBphEsBEBckMrlECPCVZaFrj3vgxEIeiu/K341Bcy4eyVkmMrqdsCeQzNUVMcuOGteYJsSheo3W9fp',
    },
  },
  'http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1': {
    message:
      '<saml2p:AuthnRequest xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_q0" IssueInstant="2026-01-01T00:00:00Z" Version="2.0"><saml2:Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">https://peer.example/metadata</saml2:Issuer><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1"></ds:SignatureMethod><ds:Reference URI="#_q0"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#sha384"></ds:DigestMethod><ds:DigestValue>mkAdrzwoceHC+Pkw7NfdSFpvAWp9B+7H3VdGUSs/rIbmX6FAsF5CLq0NcwsjSOU2</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>KLKuMpbN1Sec3Ikt3izf2lVgBUJrv+k6tkVSwGEZTAs+PYl6BoQ2FMKhM/XEabZqS4/JNPZieKK3EZuQuEjkkGPnxoHwOnt18N/L/O1xV7ToeLPSxffkJuBxuVfAx7ZB8jQQWWYged28V+bJiIitXGIciNV79xdY5zSiR+KDbLBLLDD2aWVr8C1TmtOVcaGN/0A8jmglygJtoFJeIohjMefQ0ItfzPcdC53PcLH58TU+Vjp86JPwDEZldka1Hk2lAWi69K9FGPO76NL85d1zmFVnd1uN4BL5m74/q1znc4+7qAlGQAts1mAHb+JH3otA5cuESdOtfySuNke48SjjEXhEgi+UIr2XQXnsgaHCGVAmhVhEzEpCgCI6N1qUuMrhNcEMBG2gB5stY3FkxdtFbdIdYyTePzaEHm2thI/4aGIoHDaW7AxDPxX1lmneTZ6R4SAGmas7eVl+OIFF49T4WqREjS/cf7Qcr9d9ZLPUX9fjMvEcDLUkr49wOSokdH5N</ds:SignatureValue></ds:Signature></saml2p:AuthnRequest>',
    detached:
      'kIc5z4tYyIxPtGEGlhvX9DFW1owyd3bMDRmtzW9N3K/a4/snb39zGLlg5GvjDhb9v8NZ+wiCqT6MgiqsmWco2fFDq0mGfjd9u6zNSnHbpAqwn1ey2CD2PXqPbtf0QnrXpW0ySDlpvjyQoYamkAq5HEACt/HHCrlCZebXEm2SJLHU3e3rrjcSKORWx7XIW8Yit8+0O7B8RgcYUmAYHYYG+4XLfhtvnLPqYKN04fmn8UMDfXQLdm0s9S5WH2SSkZcIofQGaicVZg+HITmVH40EROorq4BuL9TiEoZQHaLNUXLNha+R65F8y5hUMyCs7kowRZa018lVLz0e4l6BKnjCsHnT0PT0k5hFj7qQK+F22C9PrnNhPN8tKkEYBw3faxR9eHA77fyIdsH8RC9VTAjAjPIO4d5XeMJBCBOwb0L9dqmw4ZVHii+NdB6TIxqggb527coyIZqezoq10aU+jv4VP26P1LolSvHLVAcFBvrHG6MJoPB9P7vr6FfY4FU8scr0',
    odd: {
      what: 'a salt of no octets',
      enveloped:
        'JktyyNNlZ4RLm25RTdigDp63/6YPAcK06lw5HWGz7hwYG7IvQ3KMKRtEv9nY9Q+eyQ1COTYIUFdBPhj9+pemfVPbtkhYQha5o3F01i9bGgYDt7PgGD4PyyS5IM80wgaChGRr4aKxGsn3c2UA6wMR9l8J6/G85SvGZbe+p0wOWUNdbdRLSN1/IwH/b6hzBJFLNw0rr8Psdu+pks/1qnSbE8bJum5vj+F2/5QibSmq48y5tJ6mezXCwBemWoVJKjqIjOCQ75qYwYn/jsEWtVWcY8AeTFrgHBK3vokfrZDqVpNISn9EX5Lcf2AkG8kms9Ggo3ZnmOpvoRNyshdx6GvlyER34GDXAPf7PhuKH8S2fxbimPy/BAFyOvUFA236ov1lzq4wrDqe5l7hdcTQce814zrzSRC6HNm4YbijgJ493yKplN3D3/ULRSx1R1LNWFM2Ahsj3RDKKv05TT3AtBS/bvL7sYmTljkmpoCw2llvl2qbiQGp1LLmnNQiKBzwg5Pr',
      detached:
        'bBCNqpuG9kp7I66/MKFxpWEbawigg480G0XHgvCp7RmJlRNnm1wVkEys/2b+AdgE5zuOOCr8vKLBt8nI1nwoNLPkrTVmq4U9dzYLHxH3sCFe7ycRLrymvnKKJYAO5CwY8mO6WA4HCjqFe6w1f65TGw6myCaPVpTjPwDblQdTuPjhTIr4OiaTLEPmX00sqhMvM0s2fcZfIqt9CCUiEIV3fGBlLmS8UOkn+MqZGxZW8gBlM5xbkxSdEnpDzofcJvTvOLsCnUBqNW7CoMNhyL6QLZ2/X6wKJrbj1GnME++psFPuyg25NPEnsYVjBwS/z8Fup0cHMotSRE88mXubjycHCGtkQ4A2smE6HjBCb96pgjXrGfFS2gCx+FnSM7pPw3MvnXU/Ik/HiZY2ttgNS3+Dmt9y20P6TV0ly8KP/aTr+fILwEoy044cd/LMwAtTqyM556c4RMBYAmOU39LP6nvpxnfWmQg7NhfOslexm7aYdwgnR2Mi163ovXws8JCeQV7v',
    },
  },
  'http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1': {
    message:
      '<saml2p:AuthnRequest xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_q0" IssueInstant="2026-01-01T00:00:00Z" Version="2.0"><saml2:Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">https://peer.example/metadata</saml2:Issuer><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1"></ds:SignatureMethod><ds:Reference URI="#_q0"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha512"></ds:DigestMethod><ds:DigestValue>wg4nPeOadj5DWxNPnEgMtZJ2K1WOzU2pn/rMK4xo8lTil5LFPYHaPFyN02rz7nJmVuVqnciCHic8Tqyp8H0C/w==</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>KcgpRrEHLdkmL1xicMChr4C+WU8XaQo9AGB/zfv/v+ibDsKhIQ4SRtM+WlAROLR5zpUmFlm+13+BkB9H+etQyKTdBbVhwkNGT0zmDzVXIQHOTYJZD1atJzWEv1aEuM3OGS8hhF7D9TfgdIH55MXlmRSajKbfgoXXJx5quh50fAd89e6Z4tF3cvk6oGwChuQ7bHe2WVE/m3C940jSkShGRBI/7EnVEJicj7tFQuH22vfR/Pypz4xKU2jtGhpl+Qmv969cKcpA/g3LtClkjS8ShJhl1yzwq76tkUlCHf6DLUUCUvkREt9algGuMc/ORFy6vttvqjxiLQS4VU7GA7BEe6sYbtj8F9YK9fTfSHYMbi7romh66gYePP1aS6djw/Q8dtO+H+3ul0zlVMDc7P1IWWbERNkc80Z3uU9QYiLG0/rLsBkAb4BGto94VWw7Iw5uG97S/jOO+b8LEsgzBiFZ5e8KPA+edsTGQqL9EB9bQhuIK/dro614mOgLOvUJx7Kh</ds:SignatureValue></ds:Signature></saml2p:AuthnRequest>',
    detached:
      'G3qRxTehqlIQPO2hr0fBuDSeC6hO2f8Mi4wj2ivqahqwGjAmYf1FxJW5rl9ZkXJzr+CTxDz3HFl5agQTbFXKrd1M5NbcVdE7yEZNfpsgigq49TYKqN98O485fkhIW9tFfOa2jX8AsXGJFh9FTGG6kdRiyQ3RObe7zczHNWHyybHMaq5Vz8sC6mAbi4U3MJVCFwUL3RSUqjo3WKPJKd5cAtuik6X+HZgvl4OS/RMfkIIUpFjwfOV+t42YBKFGIBVgDBLYVpHLyTsJ/La7mwyPGbe2e6azNiHxBQrXfekIkBSoWYvoydLZ6u2epUu02xuzz5POkqtDltqOhBjQLGx4REhFZ5+PcMbBOmYUmR3sw9A/tm2FUfzr46arRlBvd6ZbWyG0D206jwuDBxeGkTIYdIobjVaKie4IYwJ5XBdBo3/K5C2jusQ5Z877/jB2dbFwmedc9vLJqoH38bzyGJdjlUuhC02PY6QUNEknBm4WzVT9qHj1aW2gjV03soa282se',
    odd: {
      what: 'a salt of no octets',
      enveloped:
        'bhEG2o5m/1SvP1D+GXU0oeyLI1LeBS4DcbV4NlHWh29osWTnD4YS7hfMU+Z4+YWdmZaVkDM2k7xaLI2NO68TZXjIIA2LQRlhQTbTNNLjAQLRxf3k/mGI8HWSeoec7CE7CjllRUjDS4ng90x71u/9OgVfmW5n2lFLpQOBikCFejx0WRmGEijvKOni/Sk9sDJeNZ9vtQ1BYPa+bKSGpeCw4EyCXmCGD7pWxxZccxJxuncVf3enodZizSr6EByLK/gvb8Mmixop9SszW/x/Lm3K0sXEE4aPXnTtsKDV4MBpXanHy5b47Eb/cn5T7WLxhaI6qugYtyFaX8vmDu4vfo/0gNArwkpunlcofQC3KiWo93lFuoKgf0y0LmsveCSSd2BCWBj8TY8atdRm6/Jm6q4hN9Xx0H9KeiJN732OerAIKW6c6t6pZEr736a6dhdjFe3nFv0tlb286PTUOllOfV1/tPE2zjZ7qseI0XCuFoa370lj/aSJgkB8XeJzXy78Uf2Y',
      detached:
        'dIiB0zQr37/uKVnGSOnCtur6eSegnEMJFah+39jujvq31qgKOXgXDPMVB07xXs3CqcY8fmwhGw5AMu6KQmA3wKiy7QSLCQEGQ7xc7gt+1qDdwhUa4wBfJk74gB/hnU5SBNO4/9MD8iYTWrFso1ZOA8KoLMqimjfE3YgU/YWahXaJv4C4Ad9WKBjFI4MpGy+zQtXWPHnnWSHso39tYE1eWxxrvufx8j8KtADA9df8jqA7Yfub+sBcdq8s7jqQLkVUhEknTcEa15cxSSFTMxlSX90M3GtydelWVP/+A8/FhBwsCxhbDz5K8b+GtfzVb8fQaH4arcrxNnGNTwXbAMy60xtDU/mZASk41NOer3vbmSHYTLr0suobb01OYhiRFoD6iG/BFtjbpZ+AQ/xTH+HApBvRVxjfEuWUk558zJkuqQummUzmC4IPEOarfbqDCGFtkipbJ8uGxochv0R/Eo4yhGrdfXNSLcjcfZluv/R8FFDfMRaiSM8NZqqz2F/n6elo',
    },
  },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256': {
    message:
      '<saml2p:AuthnRequest xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_q0" IssueInstant="2026-01-01T00:00:00Z" Version="2.0"><saml2:Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">https://peer.example/metadata</saml2:Issuer><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"></ds:SignatureMethod><ds:Reference URI="#_q0"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>Jz0smkxxNJkHyjbKhm1Uf0UnhTMz+pjx7Pg3VWJnXqM=</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>kLzUDiBrGOV2IShgfZwwEpnVqHkU1pgRn85RowJZBedvWF7pV8oIDoUGERGVFJS0dmc5pnJHh8cwB5HnacMWnw==</ds:SignatureValue></ds:Signature></saml2p:AuthnRequest>',
    detached: 'C4o3spiNdKKpZzFFb/rdKjd0GtQf/+254WeeSISgHBjbIBE+0dgWqqd3cnaZ3zq98KIlIVbk0I7pClntvx7JqA==',
    odd: {
      what: 'a signature in DER',
      enveloped: 'MEUCIEQ4EU4FbDOiQl8+woHk3l9OL4vnZ1UkfLDmy72LpKs4AiEAtXdIxNEVgBHeSC2Mqc8gd1cgDmeKae8zQLoPQWGAfvE=',
      detached: 'MEQCIFQi7RLc2UmhlEZ5pHdz1n6DJ/pOPzpD6GZwFL/NRiWPAiBCl3mfhl1c8tkNMSmQfDg3U/xJ9AAjaYvswLmLSFcaGg==',
    },
  },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384': {
    message:
      '<saml2p:AuthnRequest xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_q0" IssueInstant="2026-01-01T00:00:00Z" Version="2.0"><saml2:Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">https://peer.example/metadata</saml2:Issuer><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"></ds:SignatureMethod><ds:Reference URI="#_q0"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#sha384"></ds:DigestMethod><ds:DigestValue>mkAdrzwoceHC+Pkw7NfdSFpvAWp9B+7H3VdGUSs/rIbmX6FAsF5CLq0NcwsjSOU2</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>PqhZagighu26yk5qWJqslokl/Rn0n3Yp86GDqQ3AaM2okKxKgOlk/pCuwx2AQI6kvwxOFvXOW7bX2KXq3g9ZnA==</ds:SignatureValue></ds:Signature></saml2p:AuthnRequest>',
    detached: 'yKBIC3y4rZcmHd+Cr/ujJK0Ajlluzu2fgiVfeF2XAWLHKvg/lnnIF2NwQTwMZxUCpAxXbSNfEimBO7fZClJR1A==',
    odd: {
      what: 'a signature in DER',
      enveloped: 'MEUCIQDcSn6lnSn2OQjFP5jjipIlJGGjj5Ix4yVPnkK+hzngHgIgFHv3/Y6xfJKtDCfJBymXoWt5tRU5ENjJSaLuVZAI5e8=',
      detached: 'MEQCIH5ZgMVnIfMgBApUS0LEUIzNddzykBcuRV6K6WFEUcOrAiBV0aSv9DBBjq3ZUCk6SHZRQtOrr2IJO9mBbpkPiVlOlQ==',
    },
  },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512': {
    message:
      '<saml2p:AuthnRequest xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_q0" IssueInstant="2026-01-01T00:00:00Z" Version="2.0"><saml2:Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">https://peer.example/metadata</saml2:Issuer><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512"></ds:SignatureMethod><ds:Reference URI="#_q0"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha512"></ds:DigestMethod><ds:DigestValue>wg4nPeOadj5DWxNPnEgMtZJ2K1WOzU2pn/rMK4xo8lTil5LFPYHaPFyN02rz7nJmVuVqnciCHic8Tqyp8H0C/w==</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>+5CQLXbWYUP9ApnVCdYxcFVvmQZDIVYxgVK9AvaewUr7IObB2ajKroNkHD4Swm/NI3o2ihoCxoygo1krBUS1EQ==</ds:SignatureValue></ds:Signature></saml2p:AuthnRequest>',
    detached: 'JtdhK9vZIWGKxuhnfVb7vDzeNSB46ZFy2rAtl0WEgFUDtuUR6/hlnRm2cBcElqP27m/J/vUS8IwaBtTgO1L2FA==',
    odd: {
      what: 'a signature in DER',
      enveloped: 'MEQCIBnSJSyX3lxTFV1MNOs2DYRsAMPLLSwJAnjw4a2/z9aaAiBic5U3YqgmrbNeGt/EeAg72tpH6LYhtekXXRUjeYTWxw==',
      detached: 'MEQCIEF+SyYDPdz8caWfWc/XIN9PK5k0U1PX0SwuSnSZ+T91AiArbTOYmJzH3pSgaQZbFWNfneTyqdZGHri8n8Kzqu6eCw==',
    },
  },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256': {
    message:
      '<saml2p:AuthnRequest xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_q0" IssueInstant="2026-01-01T00:00:00Z" Version="2.0"><saml2:Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">https://peer.example/metadata</saml2:Issuer><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod><ds:Reference URI="#_q0"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>Jz0smkxxNJkHyjbKhm1Uf0UnhTMz+pjx7Pg3VWJnXqM=</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>k4gCRjA8uZ5wSk1RTNb4wUdDvvKffJkxh2ltuF3qy5ghaM3yBJoZqSut0aOspvOYbbs17Tj7yfK0N20V2O+Ees0+sW8nLDikOQdEFRqlVzuu4psEHK61at2xeEVuCVLxtBsTaEvDfuUI/+Dr+nuLz6GPbxScaspEsBKxZdtHUsBLlmRjG2dvm9GndFh9A/kqrMD/k75VTiKr06ammuAOHbEUHNoEvhNh98Tj1Ty1gHkWJk2UIpYK05oOg27y/MXNOjRlKoyBK9uc3UKipWYBTjYA2PrHh3JZ/pnOsDxRGNxo/ceFnZQOENWRGOUKlw5UNI3ctpjjqLpV2LOOcpOdmLkEGogHlKwm0uJ/22/3M8tt13u/jfpedbFe56u42RHDP/FkDEiyOdg/gXu9DTN55izq16SY/cHFbSjRbaYHyjcRV6cN+YSD/NFdQr4F5scf+yll+LW/lGBx8zFDJcDPd+yp3ophx04ILt4VGpCbdpbgbn5eqTmKJGWjG9qP/9+E</ds:SignatureValue></ds:Signature></saml2p:AuthnRequest>',
    detached:
      'N9EeWrFnQxIQD8ud3Fvva8H9immYkVL8Mhei1PL2yyk7IA8qnumJOdQARPYzrqqpUt9lhCurHnfyw5OMsXPc5Gcyib2MpKP4Ha1BntX69exA1CNg7YB7XGdvLV5JmV0yZpu19JJg6h4HwWIvQLz3/sI4zws9VRIbTmakhjEG0NtSlMb3rLFJZITe3T9g21EpvpbX/RkdjGWC9D7LfonLMGZj7cSmMbPJHCRD/yGDdG3vo5twrLcrYLCBspu9jWq2WyvMGPADBenMs8HpF4uwHnS09/sO2dGxtSnPvMdfNZ8taeW3DTU6M8P8Mwtu8JauGs8oRGd02dinuh9OqDSL9AIv5x5Pb0fhusPUHC3LZ+5I7SobtlN9zOmUob4p+UWlfGT6nXT9hkxwXrh0QECI9infi9E29Zx149PxWkI3bs6CoSAd2eHfeuWAdZdp/bejBgIeA2eKtx/WbYOJCz53nfuVxJg98mZLWNVV/QkJYNOxL+KBr4m1rTLNDD3wmzqH',
    odd: {
      what: 'a signature in PSS',
      enveloped:
        'nrMZzXMw1C3dIuQXkk5YloFsS1N2PVB0VqGbHU0/PmKCJKh3xvaVgeOrhWehvU0HnC+fKnpghJ2rvPV7yFa3nq1+y6CbZ1+2ELmdbIP6EoW6/u1xiLypjhJAJ/5hdsqILC6YLcnNzjWyyx7VddzSP3c1PlcyqBdto2DbLetbc4Ad/dKZB9P3IrHmsFlIjugF7ChXXQWKAw4QNSOKrXTDzrnxmzuP0KW+1ydDNzwiQbDp6euCuDpJmmDu6KfmG/SBRAI90Auzo2vR7v8P2KxUFJ7MSEyC/qruPdjX2yktTkJKHnmZvD3/L8Om2RYKj5G6egecdvBiiUhq4CvkcjYdIu/hI3dg43xIIpc15ZYJKwdZRTxpoUxN1yb/K/0wpAXTlSzALtqjax8E2m9wRq4YHY5ykkD0avGfCudJvqHTzZ7wUQhj1egvvPYFoMoCBxgQ/ts3SMSrWiSvg/u2flGqES7A7LF9+DoAS7ifp4M9MC8ZaUyLziKn1BtqXY2a4Mx0',
      detached:
        'd2YviQjedzj9XtbJXP7H2NXwt8d4aM7u0P56OpDDi826Mx+NkcAqJ2M024kPwh5A6nFbdrZwAHnjGNORs08jZY90gErlInFnfNarviBRGIAYNgMtx2dNSTDZV5nGgyj6NwlvaVuMAymt82eCtorPvqeXDEoeI8F3b4NyA4Nh2LiEVhntDfTiZz/UA0sii+57lHyeJAHNqD40Kl4DaoC706t803FuJ15mWIQgJb0xeobM+LdGyZ3LhTB06HoSmc39N9m3duuqEoF//DL3HxoBIZN3gmYP48hWAvlmHqz5ysdlKsBLesgxwF1ZDX3nsIXnd4FFR44vOF44mNhJZJexA8vAtz+FBvd/xhtDB4vCDRTRt1uZ0yc5Psc9EAlGbAnvunm6bSSZ3t3jVdjbxjr+7bhP3BpKsK7/v3M3Y11Lz93tjVYhm2fOx9B9omO5aybB4ivRsq8r3UUV25wpKS8j051qqJMdCuuB4L1idimLuzkOtZr675rSdxC7UBSndUUr',
    },
  },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': {
    message:
      '<saml2p:AuthnRequest xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_q0" IssueInstant="2026-01-01T00:00:00Z" Version="2.0"><saml2:Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">https://peer.example/metadata</saml2:Issuer><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"></ds:SignatureMethod><ds:Reference URI="#_q0"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha512"></ds:DigestMethod><ds:DigestValue>wg4nPeOadj5DWxNPnEgMtZJ2K1WOzU2pn/rMK4xo8lTil5LFPYHaPFyN02rz7nJmVuVqnciCHic8Tqyp8H0C/w==</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>m1HBN9pS0w3boOZKjRe/ULEBeu4vyJnIaK8+Bahhr68FhNsPVoBUK+l/jp5JlOpEms+r5vAA+5XAbCxwgeJ9smUwJ24Fn5D09XLkexnLpmi2P+Zu+6g0uwTxk9M9XAzt1kIguxQ2mhhgikJ/ZcWEP5LoCq2vG1Wtf+YBs1+nFSyGWUU6o0IPo2p1TKPqJw2y818UocoqnZ1pvJzJ/Ggd18P4wVSyhDu/V1IkREapkQQUdTp/8NGfYUUYotdNn895aiUOFhG3QQFPyShEkWUZx7XPWrP3iGtUIvkfCh4GmGV9wR9P+Aj1kcpr0JZhLFPQziJHXlSXpqfX18/dxT8mESU6tOcrmPhZFVcMfH5tUUpNoo+GHYnNGbKFtnw/jKGeGEF9c0rNL5o+Q0O/eZNsnhNkzAidVaVT1XbGrpuo9OTQdat+VQgAsTOWFGzwjqmD3BYhrGe5KwT9Je0MzjmlK7lTU75XyOJRXv2iI6ATc5qhp2w9nawVHp+Ib4Wxba7s</ds:SignatureValue></ds:Signature></saml2p:AuthnRequest>',
    detached:
      'H1EdB8q7WofGmEAfI0jfHDwsulvadggwAmOz1OkX8jhk+J+UyQAGAEFglutetORZzMEfrzdSF9Z4kWh4ilNiklG15IEd/cG+ZemygiwMNRNcQ2YQDYVS/RIvHNwakgPu8jav7Vronm6lPxG/5f9nDUUhBDtMFySzVQrMcHCqVbJMpixoBc4Mp6vhEfHBR5KLmDyLzpxQkYYuFdNvYzlv4Isl40LvNjpYaWbZGjnKISUZd6W5jP6pPPVHEmBNyQBNjBrlLqCFcAGwpQmzHzvK9KZ/WO3S/tLY1Tu8SSNR5elDMN3GJf3CY+ta2Wp6e3KXg5WYGRnNnQ1w4L7kYRPdsGnMVCk7yLvuALpY39s1EusZprUjrCDKvu7O0ObCXy8E9wCztK3ovZGmVIOHTLZmb4tRgqLI0MlUcHgBJc7Lnm3GJNN/GYu2NHzN5xdEAYVcBVFUCGBZ4C/KlR5WLHyYK5GVDmw2rv17bnwM5BHyzYUxGqNBVzbfxGvH329i0tm2',
    odd: {
      what: 'a signature in PSS',
      enveloped:
        'VrzGE+2lGpkg7n3Rg3kTplykjjfBG0FVH4PZJnIl3moa01x4lY/T8HKAKeJwE5lB07y2omf521DppBKhwxF+x0qpbf9OwWyxnUF3Tlw39+VlyNkZu5ioOl7w73XIjTdgU98TPXbALxBlot2Hmvc5yK1Prh57saeQIdFMAOgWvQDU4pmkYRdpDk3Kp/R8XPdmQfMvf9dcS8xp1EufbhoVV6xIcsxm4mf93RjJW3SqtsCGzMFXGQ/CVtn63XRWmxUiZk1DlleyoSfliF+FJRIQSXSFIzAXrqRcjii4ILOt2z5RrJK2agflYqN2dq0MBFvGF3CoPcehUTxqgzkrvhCP1HaT+La/JYf8DlYmjlk84c43uHkHYY6Bj6hW5l7AHtrH3u4oPOuFyfMDajJ2OOMv/kQgl0snEgS1WiCHtQmxvGWJR66N2tk9y71XNGsQcXDWv20ehz61YbiiUIhT4qodY1lp/DAbimQzU/Bl4MWhbsvoCgWj0J8aNiLtApQPhe4C',
      detached:
        'ODlcmqZpi0Gcbry6ODEQ1azuUwp81jFaPzuqENtFGu0lZXJ/XOyVGcFp+84/aCFoNy6mBpNn+k4sxCPW0nM/ARaSTi39pDwlSEujbLQDXgd34eqW44Vd0QbMC+Avv+F3fmKkSQ9YCgUoQLZfLkDNJHNJSh8yWmf2oxn0UWwqztZYAne2Udn2RJoN324hQ+7ncObCUeqjA+kC03jbLNnPFKg6F/DMBN4RQg9J/BRCqi3A5x/HT/eS5pzbQ/fll2hcrlof6rcbT0454i8tb1yqSWDSjhjK+3IxJd4/Ma4Rn9w0uHysPh1Jl3LiQsoGKfA6vEW6HcaSMRIk8Xx8U9DFP58dpvq/USChhPM4K4kHm/elWOwSoI91j1t9xxDmFdWJ/RrmXLvVwhv0eqdoe30vlWtNOUI9Vr4eBDTKfshtwcSGou1MJIhtCfKy0QPo0mIs+u3bXK/Mpjf60a6fMvHHGVml00l9exGyB4M1bSzvV6dk/mIs1O6l7TmDhIMtU9PG',
    },
  },
}

export const agreedSecret = '52169af5c485dcc2321eb8d26d5efa21fb9b93c98e38412ee2484cf14f0d0d23'

export const agreementVectors: readonly AgreementVector[] = [
  {
    wrap: 'http://www.w3.org/2001/04/xmlenc#kw-aes128',
    digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
    wrappingKey: '6899f863c6bb392489538e0d0c3f8672',
    wrapped: '3a956762b3ea5c068ccb40327aac850199d0b06e7efa2ba1f258ef6108336f7e01e9ab3a7ae47512',
    otherInitialValue: '19273b1ecfd94745b78c7bb86a76bd1a15611299b4bf4e6ebb95804662c4635c99e0414577623094',
    short: '7142a2c6660b819dd59894481463449b',
  },
  {
    wrap: 'http://www.w3.org/2001/04/xmlenc#kw-aes128',
    digest: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
    wrappingKey: '04f49cc6d36a3c341eb4c5d7aa33dad8',
    wrapped: '8b5fd74269ccb41079c5f6d56d5102fd2baaa58b47853edd7dcaee74f4923e97a7022d1af9aad183',
    otherInitialValue: 'ee1c2d23e5a59f454b30ece619b1c161f5bd9dc9e658b6ed762a360d1f8ccadc1e3e7286c7be340b',
    short: '6a64ef1c3e7d263453a3fa38b31d90c0',
  },
  {
    wrap: 'http://www.w3.org/2001/04/xmlenc#kw-aes128',
    digest: 'http://www.w3.org/2001/04/xmlenc#sha512',
    wrappingKey: '1a089068ee5ecb2a6abfda6adfe9b0db',
    wrapped: 'ca248737e582ba7e89832af67df1278a053798c30f31abcd945498a709275bab8b9f51797b7d9f56',
    otherInitialValue: '8bf61893b6dfc594310acce045731d79f126c3e5ce91dd33e73d2b556ef8d7f492deb9c9ba3d8758',
    short: '12e3a95e9463c5581c760f4a27aac0e1',
  },
  {
    wrap: 'http://www.w3.org/2001/04/xmlenc#kw-aes256',
    digest: 'http://www.w3.org/2001/04/xmlenc#sha256',
    wrappingKey: '6899f863c6bb392489538e0d0c3f86723b63dd76135e1b1c38ba7c50a6dfb9fb',
    wrapped: '259a40d3e7ab9f5fa076da84f7e2f6ffa8534184b96ca427682d6d3344f16f0d43839d43aef48f0f',
    otherInitialValue: '5dbbea6a77c58760b3f0d1124e29f6c045bd45d37b8b140c1433e42028c653f7bb38034733147bc9',
    short: '791509ab65c79614ecae0c5493696671',
  },
  {
    wrap: 'http://www.w3.org/2001/04/xmlenc#kw-aes256',
    digest: 'http://www.w3.org/2001/04/xmldsig-more#sha384',
    wrappingKey: '04f49cc6d36a3c341eb4c5d7aa33dad87b0ec3fa76d210829a53b1901e082d0c',
    wrapped: '853ce7950464835b81d249528f25fed27528371afaf8e8ec3105ed5bbfa3943c21c1eb5797223da2',
    otherInitialValue: 'f68341d9fdaf89399ac67d8f77e728d967975339605b8949d990a7c86f55173b86f07f2bef1323c2',
    short: 'ee761a061f64495d8a35cb7696124dde',
  },
  {
    wrap: 'http://www.w3.org/2001/04/xmlenc#kw-aes256',
    digest: 'http://www.w3.org/2001/04/xmlenc#sha512',
    wrappingKey: '1a089068ee5ecb2a6abfda6adfe9b0db5ca24714d59b1abafaa4a8c274940087',
    wrapped: '253486bde07e3846cb7ceaad2314d4731056c408cba0f02882ec2d4f322fa510af907774c31f6815',
    otherInitialValue: '5a938f0f08ae24bb1a7e755b41523bb2a380e91b16dcdd3ad2cff04a25a752af95c8b41cf5b3bea3',
    short: 'b8d549dd2af450230efbcc2c767e601f',
  },
]
