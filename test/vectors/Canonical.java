import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignatureMethod;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.ExcC14NParameterSpec;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Exclusive canonicalisation by the JDK's own implementation. Run from source: java Canonical.java JOBS, a file of lines
 *   FILE ID PREFIXES WITHOUT
 * Prints, for each, the SHA-256 in base64 of the element with this ID, without the one with the ID WITHOUT ("-" for
 * none), with the comma-separated PREFIXES ("-" for none) as InclusiveNamespaces: the digest that a signature takes.
 */
class Canonical {
  private static final XMLSignatureFactory signatures = XMLSignatureFactory.getInstance("DOM");

  public static void main(String[] arguments) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    DocumentBuilder builder = factory.newDocumentBuilder();
    for (String line : Files.readAllLines(Path.of(arguments[0]))) {
      String[] job = line.split(" ");
      Document document = parse(builder, job[0]);
      if (!job[3].equals("-")) {
        Element without = document.getElementById(job[3]);
        without.getParentNode().removeChild(without);
      }
      System.out.println(digest(document, job[1], job[2]));
    }
  }

  private static Document parse(DocumentBuilder builder, String file) throws Exception {
    Document document = builder.parse(new File(file));
    NodeList elements = document.getElementsByTagName("*");
    for (int at = 0; at < elements.getLength(); at++) {
      Element element = (Element) elements.item(at);
      element.setIdAttribute("ID", true);
    }
    return document;
  }

  private static String digest(Document document, String id, String prefixes) throws Exception {
    ExcC14NParameterSpec inclusive =
        prefixes.equals("-") ? null : new ExcC14NParameterSpec(List.of(prefixes.split(",")));
    Transform transform = signatures.newTransform(CanonicalizationMethod.EXCLUSIVE, inclusive);
    DigestMethod sha256 = signatures.newDigestMethod(DigestMethod.SHA256, null);
    Reference reference = signatures.newReference("#" + id, sha256, List.of(transform), null, null);
    SignedInfo signedInfo = signatures.newSignedInfo(
        signatures.newCanonicalizationMethod(CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
        signatures.newSignatureMethod(SignatureMethod.HMAC_SHA1, null),
        List.of(reference));
    // Beside the document, so that it changes nothing of what is digested.
    Element aside = document.createElement("aside");
    SecretKeySpec key = new SecretKeySpec(new byte[20], "HmacSHA1");
    signatures.newXMLSignature(signedInfo, null).sign(new DOMSignContext(key, aside));
    return Base64.getEncoder().encodeToString(reference.getDigestValue());
  }
}
