/*
 * Schemas for the parts of XML Security that messages use and that the SAML schema set lacks, in our own words. What the
 * node never accepts (explicit curve parameters, PBKDF2) has no declaration, so it is not schema-valid.
 */

/** Exclusive XML Canonicalization 1.0: the only parameter it has. */
export const exclusiveC14n = `
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/2001/10/xml-exc-c14n#" elementFormDefault="qualified">
  <xs:element name="InclusiveNamespaces">
    <xs:complexType><xs:attribute name="PrefixList" type="xs:string"/></xs:complexType>
  </xs:element>
</xs:schema>`

/** XML Signature 1.1: elliptic curve keys by named curve, encoded keys, certificate digests. */
export const signature11 = `
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:ds11="http://www.w3.org/2009/xmldsig11#" targetNamespace="http://www.w3.org/2009/xmldsig11#" elementFormDefault="qualified">
  <xs:element name="ECKeyValue">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="NamedCurve">
          <xs:complexType><xs:attribute name="URI" type="xs:anyURI" use="required"/></xs:complexType>
        </xs:element>
        <xs:element name="PublicKey" type="xs:base64Binary"/>
      </xs:sequence>
      <xs:attribute name="Id" type="xs:ID"/>
    </xs:complexType>
  </xs:element>
  <xs:element name="DEREncodedKeyValue">
    <xs:complexType>
      <xs:simpleContent>
        <xs:extension base="xs:base64Binary"><xs:attribute name="Id" type="xs:ID"/></xs:extension>
      </xs:simpleContent>
    </xs:complexType>
  </xs:element>
  <xs:element name="X509Digest">
    <xs:complexType>
      <xs:simpleContent>
        <xs:extension base="xs:base64Binary"><xs:attribute name="Algorithm" type="xs:anyURI" use="required"/></xs:extension>
      </xs:simpleContent>
    </xs:complexType>
  </xs:element>
</xs:schema>`

/** XML Encryption 1.1: the mask generation of RSA-OAEP and the key derivation of ECDH-ES. */
export const encryption11 = `
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xenc11="http://www.w3.org/2009/xmlenc11#" targetNamespace="http://www.w3.org/2009/xmlenc11#" elementFormDefault="qualified">
  <xs:import namespace="http://www.w3.org/2000/09/xmldsig#" schemaLocation="xmldsig-core-schema.xsd"/>
  <xs:element name="MGF">
    <xs:complexType><xs:attribute name="Algorithm" type="xs:anyURI" use="required"/></xs:complexType>
  </xs:element>
  <xs:element name="KeyDerivationMethod">
    <xs:complexType>
      <xs:sequence><xs:element ref="xenc11:ConcatKDFParams"/></xs:sequence>
      <xs:attribute name="Algorithm" type="xs:anyURI" use="required"/>
    </xs:complexType>
  </xs:element>
  <xs:element name="ConcatKDFParams">
    <xs:complexType>
      <xs:sequence><xs:element ref="ds:DigestMethod"/></xs:sequence>
      <xs:attribute name="AlgorithmID" type="xs:hexBinary"/>
      <xs:attribute name="PartyUInfo" type="xs:hexBinary"/>
      <xs:attribute name="PartyVInfo" type="xs:hexBinary"/>
      <xs:attribute name="SuppPubInfo" type="xs:hexBinary"/>
      <xs:attribute name="SuppPrivInfo" type="xs:hexBinary"/>
    </xs:complexType>
  </xs:element>
</xs:schema>`
