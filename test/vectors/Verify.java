import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * XML signatures by the JDK's own implementation, which knows RSASSA-PSS. Run from source: java Verify.java JOB...
 * with the jobs
 *   verify FILE CERTIFICATE                          prints "true" or "false"
 *   sign FILE KEY CERTIFICATE ALGORITHM DIGEST OUT   puts the signature after the first child, prints "signed"
 * The signed element is the root, known by its ID.
 */
class Verify {
  private static final XMLSignatureFactory signatures = XMLSignatureFactory.getInstance("DOM");

  public static void main(String[] jobs) throws Exception {
    int at = 0;
    while (at < jobs.length) {
      if (jobs[at].equals("verify")) {
        System.out.println(verify(jobs[at + 1], certificate(jobs[at + 2])));
        at += 3;
      } else {
        sign(jobs[at + 1], jobs[at + 2], certificate(jobs[at + 3]), jobs[at + 4], jobs[at + 5], jobs[at + 6]);
        System.out.println("signed");
        at += 7;
      }
    }
  }

  private static boolean verify(String file, X509Certificate certificate) throws Exception {
    Document document = parse(file);
    Element signature = (Element) document.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature").item(0);
    DOMValidateContext context = new DOMValidateContext(certificate.getPublicKey(), signature);
    return signatures.unmarshalXMLSignature(context).validate(context);
  }

  private static void sign(String file, String key, X509Certificate certificate, String algorithm, String digest, String out)
      throws Exception {
    Document document = parse(file);
    Element root = document.getDocumentElement();
    List<Transform> transforms = List.of(
        signatures.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null),
        signatures.newTransform(CanonicalizationMethod.EXCLUSIVE, (TransformParameterSpec) null));
    DigestMethod digestMethod = signatures.newDigestMethod(digest, null);
    Reference reference = signatures.newReference("#" + root.getAttribute("ID"), digestMethod, transforms, null, null);
    SignedInfo signedInfo = signatures.newSignedInfo(
        signatures.newCanonicalizationMethod(CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
        signatures.newSignatureMethod(algorithm, null),
        List.of(reference));
    KeyInfoFactory keyInfos = signatures.getKeyInfoFactory();
    KeyInfo keyInfo = keyInfos.newKeyInfo(List.of(keyInfos.newX509Data(List.of(certificate))));
    DOMSignContext context = new DOMSignContext(privateKey(key, certificate), root, root.getFirstChild().getNextSibling());
    context.setDefaultNamespacePrefix("ds");
    signatures.newXMLSignature(signedInfo, keyInfo).sign(context);
    Transformer writer = TransformerFactory.newInstance().newTransformer();
    writer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
    try (FileOutputStream stream = new FileOutputStream(out)) {
      writer.transform(new DOMSource(document), new StreamResult(stream));
    }
  }

  private static Document parse(String file) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    Document document = factory.newDocumentBuilder().parse(new File(file));
    document.getDocumentElement().setIdAttribute("ID", true);
    return document;
  }

  private static X509Certificate certificate(String file) throws Exception {
    try (FileInputStream stream = new FileInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(stream);
    }
  }

  private static PrivateKey privateKey(String file, X509Certificate certificate) throws Exception {
    String base64 = Files.readString(Path.of(file)).replaceAll("-----[^-]+-----|\\s", "");
    PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64));
    return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm()).generatePrivate(encoded);
  }
}
