# SPDX-License-Identifier: Apache-2.0
#
# mails.py FOLDER: the mails of a maildir in the order of their coming, as a program of
# mails reads them: subject, languages apart from headers, body.
# mails.py hook FILE: an HTTP server on loopback that keeps each POST as a line of JSON;
# it prints its port first.  /refuse answers 503; /hold answers when FILE.go is there.
# mails.py smtp FILE: the same for mails, without TLS and a login; each is taken when
# FILE.go is there.
import email, email.policy, glob, http.server, json, os, socketserver, sys, time


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


def keep(**seen):
    with open(sys.argv[2], "a") as kept:
        kept.write(json.dumps(seen) + "\n")


def hold():
    for _ in range(1200):
        if os.path.exists(sys.argv[2] + ".go"):
            return
        time.sleep(0.05)


class Smtp(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 mail.test\r\n")
        while line := self.rfile.readline().strip().upper():
            if line == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                text = b"".join(iter(self.rfile.readline, b".\r\n"))
                mail = email.message_from_bytes(text, policy=email.policy.default)
                keep(id=mail["Message-ID"], subject=mail["Subject"], body=mail.get_content())
                hold()
            try:
                self.wfile.write(b"221 bye\r\n" if line == b"QUIT" else b"250 fine\r\n")
            except OSError:
                return


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        keep(path=self.path, body=body, signature=self.headers["X-Renkei-Signature"],
             id=self.headers["X-Renkei-Notice"])
        if self.path == "/hold":
            hold()
        try:
            self.send_response(503 if self.path == "/refuse" else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()
        except OSError:
            pass

    def log_message(self, *args):
        pass


if sys.argv[1] == "hook":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    print(server.server_address[1], flush=True)
    server.serve_forever()
elif sys.argv[1] == "smtp":
    socketserver.ThreadingTCPServer.daemon_threads = True
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp)
    print(server.server_address[1], flush=True)
    server.serve_forever()
else:
    mails(sys.argv[1])
