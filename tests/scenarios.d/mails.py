# SPDX-License-Identifier: Apache-2.0
#
# mails.py FOLDER: the mails of a maildir in the order of their coming, as a program of
# mails reads them: subject, languages apart from headers, body.
# mails.py hook FILE: an HTTP server on loopback that keeps each POST as a line of JSON;
# it prints its port first.  /refuse answers 503.
import email, email.policy, glob, http.server, json, os, sys


def mails(folder):
    names = glob.glob(folder + "/new/*")
    for name in sorted(names, key=os.path.getmtime):
        mail = email.message_from_binary_file(open(name, "rb"), policy=email.policy.default)
        assert mail["Auto-Submitted"] == "auto-generated", mail.items()
        for unwanted in ("Bcc", "Cc", "X-Injected"):
            assert mail[unwanted] is None, mail.items()
        print("From:", mail["From"], "To:", mail["To"])
        print("Id:", mail["Message-ID"])
        print("Subject:", mail["Subject"])
        print(mail.get_content().replace("\r\n", "\n"))


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with open(sys.argv[2], "a") as kept:
            kept.write(json.dumps({"path": self.path, "body": body,
                                   "signature": self.headers["X-Renkei-Signature"]}) + "\n")
        self.send_response(503 if self.path == "/refuse" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


if sys.argv[1] == "hook":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    print(server.server_address[1], flush=True)
    server.serve_forever()
else:
    mails(sys.argv[1])
