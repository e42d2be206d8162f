"""pysaml2 as a service provider or as an identity provider, in the smallest application around it.

Arguments: `sp` or `idp`, and a JSON file with the configuration of pysaml2 (`saml`) and what the application needs.
"""

import html
import json
import sys
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.client import Saml2Client
from saml2.config import IdPConfig, SPConfig
from saml2.metadata import entity_descriptor
from saml2.response import StatusError
from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server


class Site(BaseHTTPRequestHandler):
    """Pages by path: each takes the fields of the request and answers by `show` or `go`."""

    protocol_version = "HTTP/1.1"
    pages = {}

    def do_GET(self):
        self.answer(dict(parse_qsl(urlsplit(self.path).query)))

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.answer(dict(parse_qsl(body)))

    def answer(self, fields):
        page = self.pages.get(urlsplit(self.path).path)
        if page is None:
            self.show("no such page", 404)
        else:
            page(self, fields)

    def show(self, body, status=200, kind="text/html", headers=()):
        octets = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(octets)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(octets)

    def send_message(self, http_info):
        """What pysaml2 made of a message: a redirect, or a page with a form."""
        location = dict(http_info["headers"]).get("Location")
        if location is None:
            self.show(html_of(http_info))
        else:
            self.show("", 303, headers=[("Location", location)])

    def cookie(self):
        found = SimpleCookie(self.headers.get("Cookie", "")).get("session")
        return found.value if found else ""


def html_of(http_info):
    data = http_info["data"]
    return data if isinstance(data, str) else "".join(data)


def service_provider(plan):
    """Signs in who comes to the page, by the binding that the address names."""
    client = Saml2Client(config=SPConfig().load(plan["saml"]))
    asked, people = {}, {}
    bindings = {"/private/page": BINDING_HTTP_POST, "/private/redirect": BINDING_HTTP_REDIRECT}

    def page(site, _fields):
        person = people.get(site.cookie())
        if person is not None:
            site.show("\0".join(f"{name}={value}" for name, value in person.items()), kind="text/plain")
            return
        path = urlsplit(site.path).path
        request_id, _, http_info = client.prepare_for_negotiated_authenticate(
            entityid=plan["node"], relay_state="page", binding=bindings[path], sign=True, sigalg=plan["signature"],
            digest_alg=plan["digest"],
        )
        asked[request_id] = path
        site.send_message(http_info)

    def consumer(site, fields):
        try:
            answer = client.parse_authn_request_response(fields["SAMLResponse"], BINDING_HTTP_POST, dict(asked))
        except StatusError as refusal:
            site.show(f"{type(refusal).__name__}: {refusal}", 403, "text/plain")
            return
        path = asked.pop(answer.in_response_to)
        session = uuid4().hex
        level = answer.assertion.authn_statement[0].authn_context.authn_context_class_ref.text
        people[session] = {
            **{name: values[0] for name, values in answer.ava.items()},
            "subject": answer.name_id.text,
            "level": level,
        }
        site.show("", 303, headers=[("Location", path), ("Set-Cookie", f"session={session}; Path=/")])

    metadata = str(entity_descriptor(client.config))
    return {
        "/metadata": lambda site, _: site.show(metadata, kind="application/xml"),
        **{path: page for path in bindings},
        "/acs": consumer,
    }


def identity_provider(plan):
    """Asks for user and password, and says of every user what is in the list."""
    server = Server(config=IdPConfig().load(plan["saml"]))
    asked = {}

    def ask(site, fields):
        binding = BINDING_HTTP_POST if site.command == "POST" else BINDING_HTTP_REDIRECT
        request = server.parse_authn_request(fields["SAMLRequest"], binding).message
        handle = uuid4().hex
        asked[handle] = (request, fields.get("RelayState", ""))
        site.show(
            f'<form method="post" action="/login"><input type="hidden" name="handle" value="{handle}">'
            '<input name="user"><input type="password" name="password"><button>Sign in</button></form>'
        )

    def login(site, fields):
        request, relay_state = asked.pop(fields["handle"])
        facts = plan["users"].get(f"{fields['user']}:{fields['password']}")
        if facts is None:
            site.show(html.escape("no such user"), 401)
            return
        told = server.response_args(request, [BINDING_HTTP_POST])
        message = server.create_authn_response(
            identity=facts,
            userid=fields["user"],
            name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=fields["user"]),
            authn={"class_ref": plan["classRef"]},
            sign_response=True,
            sign_assertion=False,
            sign_alg=plan["signature"],
            digest_alg=plan["digest"],
            encrypt_assertion=site.server.encrypts,
            in_response_to=told["in_response_to"],
            destination=told["destination"],
            sp_entity_id=told["sp_entity_id"],
        )
        http_info = server.apply_binding(
            told["binding"], str(message), told["destination"], relay_state, response=True
        )
        site.send_message(http_info)

    def switch(site, fields):
        site.server.encrypts = fields["encrypts"] == "true"
        site.show("")

    metadata = str(entity_descriptor(server.config))
    return {
        "/metadata": lambda site, _: site.show(metadata, kind="application/xml"),
        "/sso": ask,
        "/login": login,
        "/switch": switch,
    }


def main(kind, file):
    """pysaml2 verifies metadata that it fetches, not what it reads from a file: so it fetches the file from here."""
    with open(file, encoding="utf-8") as text:
        plan = json.load(text)
    with open(plan["metadata"], encoding="utf-8") as text:
        metadata = text.read()
    Site.pages = {"/node.xml": lambda site, _: site.show(metadata, kind="application/xml")}
    server = ThreadingHTTPServer((plan["host"], plan["port"]), Site)
    server.encrypts = False
    serving = Thread(target=server.serve_forever, daemon=True)
    serving.start()
    Site.pages = {"sp": service_provider, "idp": identity_provider}[kind](plan)
    serving.join()


main(*sys.argv[1:])
