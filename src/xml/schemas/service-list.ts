import { ns } from '../names.ts'

/*
 * Schema for the MetadataServiceList (Message Format, Appendix A) in our own words, with what published lists do
 * otherwise (R-MF-73): the version in small letters, instants without a zone, an unqualified DistributionPoint.
 */

export const serviceList = `
<xs:schema xmlns:xs="${ns.xs}" xmlns:mdsl="${ns.serviceList}" xmlns:ds="${ns.ds}" targetNamespace="${ns.serviceList}" elementFormDefault="qualified">
  <xs:import namespace="${ns.ds}" schemaLocation="xmldsig-core-schema.xsd"/>

  <xs:element name="MetadataServiceList">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="SchemeInformation">
          <xs:complexType>
            <xs:sequence>
              <xs:element name="IssuerName" type="xs:string"/>
              <xs:element name="SchemeIdentifier" type="xs:anyURI"/>
              <xs:element name="SchemeTerritory" type="xs:string"/>
            </xs:sequence>
          </xs:complexType>
        </xs:element>
        <xs:element name="MetadataList" type="mdsl:MetadataListType" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="DistributionPoints" minOccurs="0">
          <xs:complexType>
            <xs:sequence><xs:any namespace="##any" processContents="skip" maxOccurs="unbounded"/></xs:sequence>
          </xs:complexType>
        </xs:element>
        <xs:element ref="ds:Signature" minOccurs="0"/>
      </xs:sequence>
      <xs:attribute name="Version" type="xs:string"/>
      <xs:attribute name="version" type="xs:string"/>
      <xs:attribute name="IssueDate" type="xs:dateTime" use="required"/>
      <xs:attribute name="NextUpdate" type="xs:dateTime"/>
      <xs:attribute name="ID" type="xs:ID"/>
    </xs:complexType>
  </xs:element>

  <xs:complexType name="MetadataListType">
    <xs:sequence>
      <xs:element name="MetadataLocation" minOccurs="0" maxOccurs="unbounded">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="Endpoint" minOccurs="0" maxOccurs="unbounded">
              <xs:complexType>
                <xs:attribute name="EndpointType" type="xs:anyURI" use="required"/>
                <xs:attribute name="EntityID" type="xs:anyURI" use="required"/>
                <xs:anyAttribute namespace="##other" processContents="skip"/>
              </xs:complexType>
            </xs:element>
            <xs:element ref="ds:KeyInfo" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:attribute name="Location" type="xs:anyURI" use="required"/>
          <xs:anyAttribute namespace="##other" processContents="skip"/>
        </xs:complexType>
      </xs:element>
    </xs:sequence>
    <xs:attribute name="Territory" type="xs:string" use="required"/>
    <xs:attribute name="Suspend" type="xs:boolean"/>
    <xs:anyAttribute namespace="##other" processContents="skip"/>
  </xs:complexType>
</xs:schema>
`
