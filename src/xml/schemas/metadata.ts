import { ns } from '../names.ts'

/*
 * Schema for SAML 2.0 metadata (saml-metadata-2.0-os) in our own words. The roles
 * this node plays with (IDPSSODescriptor, SPSSODescriptor) are spelled out; other roles and what is in extensions pass, of
 * whatever type they say they are.
 */

const XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'

/** A role that is let through without being looked into. */
function otherRole(name: string): string {
  return `
  <xs:element name="${name}">
    <xs:complexType>
      <xs:sequence><xs:any namespace="##any" processContents="skip" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
      <xs:anyAttribute namespace="##any" processContents="skip"/>
    </xs:complexType>
  </xs:element>`
}

export const metadata = `
<xs:schema ${XS} xmlns:md="${ns.md}" xmlns:saml="${ns.saml}" xmlns:ds="${ns.ds}" xmlns:xenc="${ns.xenc}" targetNamespace="${ns.md}" elementFormDefault="qualified">
  <xs:import namespace="${ns.ds}" schemaLocation="xmldsig-core-schema.xsd"/>
  <xs:import namespace="${ns.xenc}" schemaLocation="xenc-schema.xsd"/>
  <xs:import namespace="${ns.saml}" schemaLocation="saml-schema-assertion-2.0.xsd"/>
  <xs:import namespace="${ns.xml}" schemaLocation="xml.xsd"/>

  <xs:simpleType name="EntityIdType">
    <xs:restriction base="xs:anyURI"><xs:maxLength value="1024"/></xs:restriction>
  </xs:simpleType>
  <xs:complexType name="LocalizedText">
    <xs:simpleContent><xs:extension base="xs:string"><xs:attribute ref="xml:lang" use="required"/></xs:extension></xs:simpleContent>
  </xs:complexType>
  <xs:complexType name="LocalizedUri">
    <xs:simpleContent><xs:extension base="xs:anyURI"><xs:attribute ref="xml:lang" use="required"/></xs:extension></xs:simpleContent>
  </xs:complexType>
  <xs:element name="Extensions">
    <xs:complexType>
      <xs:sequence><xs:any namespace="##any" processContents="skip" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
    </xs:complexType>
  </xs:element>
  <xs:attributeGroup name="Lifetime">
    <xs:attribute name="ID" type="xs:ID"/>
    <xs:attribute name="validUntil" type="xs:dateTime"/>
    <xs:attribute name="cacheDuration" type="xs:duration"/>
  </xs:attributeGroup>

  <xs:element name="EntitiesDescriptor">
    <xs:complexType>
      <xs:sequence>
        <xs:element ref="ds:Signature" minOccurs="0"/>
        <xs:element ref="md:Extensions" minOccurs="0"/>
        <xs:choice maxOccurs="unbounded">
          <xs:element ref="md:EntityDescriptor"/>
          <xs:element ref="md:EntitiesDescriptor"/>
        </xs:choice>
      </xs:sequence>
      <xs:attributeGroup ref="md:Lifetime"/>
      <xs:attribute name="Name" type="xs:string"/>
      <xs:anyAttribute namespace="##other" processContents="skip"/>
    </xs:complexType>
  </xs:element>

  <xs:element name="EntityDescriptor">
    <xs:complexType>
      <xs:sequence>
        <xs:element ref="ds:Signature" minOccurs="0"/>
        <xs:element ref="md:Extensions" minOccurs="0"/>
        <xs:choice>
          <xs:choice maxOccurs="unbounded">
            <xs:element ref="md:IDPSSODescriptor"/>
            <xs:element ref="md:SPSSODescriptor"/>
            <xs:element ref="md:RoleDescriptor"/>
            <xs:element ref="md:AuthnAuthorityDescriptor"/>
            <xs:element ref="md:AttributeAuthorityDescriptor"/>
            <xs:element ref="md:PDPDescriptor"/>
          </xs:choice>
          <xs:element ref="md:AffiliationDescriptor"/>
        </xs:choice>
        <xs:element ref="md:Organization" minOccurs="0"/>
        <xs:element ref="md:ContactPerson" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element ref="md:AdditionalMetadataLocation" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence>
      <xs:attribute name="entityID" type="md:EntityIdType" use="required"/>
      <xs:attributeGroup ref="md:Lifetime"/>
      <xs:anyAttribute namespace="##other" processContents="skip"/>
    </xs:complexType>
  </xs:element>

  <xs:element name="Organization">
    <xs:complexType>
      <xs:sequence>
        <xs:element ref="md:Extensions" minOccurs="0"/>
        <xs:element name="OrganizationName" type="md:LocalizedText" maxOccurs="unbounded"/>
        <xs:element name="OrganizationDisplayName" type="md:LocalizedText" maxOccurs="unbounded"/>
        <xs:element name="OrganizationURL" type="md:LocalizedUri" maxOccurs="unbounded"/>
      </xs:sequence>
      <xs:anyAttribute namespace="##other" processContents="skip"/>
    </xs:complexType>
  </xs:element>
  <xs:element name="ContactPerson">
    <xs:complexType>
      <xs:sequence>
        <xs:element ref="md:Extensions" minOccurs="0"/>
        <xs:element name="Company" type="xs:string" minOccurs="0"/>
        <xs:element name="GivenName" type="xs:string" minOccurs="0"/>
        <xs:element name="SurName" type="xs:string" minOccurs="0"/>
        <xs:element name="EmailAddress" type="xs:anyURI" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="TelephoneNumber" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence>
      <xs:attribute name="contactType" use="required">
        <xs:simpleType>
          <xs:restriction base="xs:string">
            <xs:enumeration value="technical"/>
            <xs:enumeration value="support"/>
            <xs:enumeration value="administrative"/>
            <xs:enumeration value="billing"/>
            <xs:enumeration value="other"/>
          </xs:restriction>
        </xs:simpleType>
      </xs:attribute>
      <xs:anyAttribute namespace="##other" processContents="skip"/>
    </xs:complexType>
  </xs:element>
  <xs:element name="AdditionalMetadataLocation">
    <xs:complexType>
      <xs:simpleContent>
        <xs:extension base="xs:anyURI"><xs:attribute name="namespace" type="xs:anyURI" use="required"/></xs:extension>
      </xs:simpleContent>
    </xs:complexType>
  </xs:element>

  <xs:complexType name="EndpointType">
    <xs:sequence><xs:any namespace="##other" processContents="skip" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
    <xs:attribute name="Binding" type="xs:anyURI" use="required"/>
    <xs:attribute name="Location" type="xs:anyURI" use="required"/>
    <xs:attribute name="ResponseLocation" type="xs:anyURI"/>
    <xs:anyAttribute namespace="##other" processContents="skip"/>
  </xs:complexType>
  <xs:complexType name="IndexedEndpointType">
    <xs:complexContent>
      <xs:extension base="md:EndpointType">
        <xs:attribute name="index" type="xs:unsignedShort" use="required"/>
        <xs:attribute name="isDefault" type="xs:boolean"/>
      </xs:extension>
    </xs:complexContent>
  </xs:complexType>

  <xs:element name="KeyDescriptor">
    <xs:complexType>
      <xs:sequence>
        <xs:element ref="ds:KeyInfo"/>
        <xs:element name="EncryptionMethod" type="xenc:EncryptionMethodType" minOccurs="0" maxOccurs="unbounded"/>
      </xs:sequence>
      <xs:attribute name="use">
        <xs:simpleType>
          <xs:restriction base="xs:string"><xs:enumeration value="signing"/><xs:enumeration value="encryption"/></xs:restriction>
        </xs:simpleType>
      </xs:attribute>
    </xs:complexType>
  </xs:element>

  <xs:complexType name="RoleDescriptorType">
    <xs:sequence>
      <xs:element ref="ds:Signature" minOccurs="0"/>
      <xs:element ref="md:Extensions" minOccurs="0"/>
      <xs:element ref="md:KeyDescriptor" minOccurs="0" maxOccurs="unbounded"/>
      <xs:element ref="md:Organization" minOccurs="0"/>
      <xs:element ref="md:ContactPerson" minOccurs="0" maxOccurs="unbounded"/>
    </xs:sequence>
    <xs:attributeGroup ref="md:Lifetime"/>
    <xs:attribute name="protocolSupportEnumeration" use="required">
      <xs:simpleType><xs:list itemType="xs:anyURI"/></xs:simpleType>
    </xs:attribute>
    <xs:attribute name="errorURL" type="xs:anyURI"/>
    <xs:anyAttribute namespace="##other" processContents="skip"/>
  </xs:complexType>
  <xs:complexType name="SsoDescriptorType">
    <xs:complexContent>
      <xs:extension base="md:RoleDescriptorType">
        <xs:sequence>
          <xs:element name="ArtifactResolutionService" type="md:IndexedEndpointType" minOccurs="0" maxOccurs="unbounded"/>
          <xs:element name="SingleLogoutService" type="md:EndpointType" minOccurs="0" maxOccurs="unbounded"/>
          <xs:element name="ManageNameIDService" type="md:EndpointType" minOccurs="0" maxOccurs="unbounded"/>
          <xs:element name="NameIDFormat" type="xs:anyURI" minOccurs="0" maxOccurs="unbounded"/>
        </xs:sequence>
      </xs:extension>
    </xs:complexContent>
  </xs:complexType>

  <xs:element name="IDPSSODescriptor">
    <xs:complexType>
      <xs:complexContent>
        <xs:extension base="md:SsoDescriptorType">
          <xs:sequence>
            <xs:element name="SingleSignOnService" type="md:EndpointType" maxOccurs="unbounded"/>
            <xs:element name="NameIDMappingService" type="md:EndpointType" minOccurs="0" maxOccurs="unbounded"/>
            <xs:element name="AssertionIDRequestService" type="md:EndpointType" minOccurs="0" maxOccurs="unbounded"/>
            <xs:element name="AttributeProfile" type="xs:anyURI" minOccurs="0" maxOccurs="unbounded"/>
            <xs:element ref="saml:Attribute" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:attribute name="WantAuthnRequestsSigned" type="xs:boolean"/>
        </xs:extension>
      </xs:complexContent>
    </xs:complexType>
  </xs:element>
  <xs:element name="SPSSODescriptor">
    <xs:complexType>
      <xs:complexContent>
        <xs:extension base="md:SsoDescriptorType">
          <xs:sequence>
            <xs:element name="AssertionConsumerService" type="md:IndexedEndpointType" maxOccurs="unbounded"/>
            <xs:element ref="md:AttributeConsumingService" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:attribute name="AuthnRequestsSigned" type="xs:boolean"/>
          <xs:attribute name="WantAssertionsSigned" type="xs:boolean"/>
        </xs:extension>
      </xs:complexContent>
    </xs:complexType>
  </xs:element>
  <xs:element name="AttributeConsumingService">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="ServiceName" type="md:LocalizedText" maxOccurs="unbounded"/>
        <xs:element name="ServiceDescription" type="md:LocalizedText" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="RequestedAttribute" maxOccurs="unbounded">
          <xs:complexType>
            <xs:complexContent>
              <xs:extension base="saml:AttributeType"><xs:attribute name="isRequired" type="xs:boolean"/></xs:extension>
            </xs:complexContent>
          </xs:complexType>
        </xs:element>
      </xs:sequence>
      <xs:attribute name="index" type="xs:unsignedShort" use="required"/>
      <xs:attribute name="isDefault" type="xs:boolean"/>
    </xs:complexType>
  </xs:element>
${['RoleDescriptor', 'AuthnAuthorityDescriptor', 'AttributeAuthorityDescriptor', 'PDPDescriptor', 'AffiliationDescriptor'].map(otherRole).join('')}
</xs:schema>`

/** xml:lang, the one attribute of the xml namespace that metadata uses. */
export const xmlNamespace = `
<xs:schema ${XS} targetNamespace="${ns.xml}">
  <xs:attribute name="lang">
    <xs:simpleType>
      <xs:union memberTypes="xs:language"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value=""/></xs:restriction></xs:simpleType></xs:union>
    </xs:simpleType>
  </xs:attribute>
</xs:schema>`
