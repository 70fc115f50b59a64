"""A receiver of webhooks that does as it is told."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """Listens on a free port of the loopback address; keeps what came; answers by path."""

    def __init__(self):
        self.requests = []
        self.answers = {}
        self.changed = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def take(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                path = self.path.split("?")[0]
                status, headers, text, pause = receiver.answers.get(path, (200, {}, '{"ok":true}', 0))
                with receiver.changed:
                    receiver.requests.append((path, {k.lower(): v for k, v in self.headers.items()}, body))
                    receiver.changed.notify_all()
                time.sleep(pause)
                answer = text.encode()
                self.send_response(status)
                for name, value in {"content-type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = take

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128  # connections that wait; the usual five are fewer than webhooks that call at once

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path, status=200, headers=None, body='{"ok":true}', pause=0):
        """What a path answers from now on, after so many seconds."""
        self.answers[path] = (status, headers or {}, body, pause)

    def at(self, path):
        """What came to a path: pairs of headers and body."""
        with self.changed:
            return [(headers, body) for place, headers, body in self.requests if place == path]

    def wait(self, path, count, seconds=90):
        """Waits until so many have come to a path."""
        with self.changed:
            reached = self.changed.wait_for(
                lambda: sum(place == path for place, _, _ in self.requests) >= count, timeout=seconds)
        assert reached, f"{len(self.at(path))} requests to {path}, {count} were to come"
        return self.at(path)

    @staticmethod
    def resource(body):
        """The resource id of a request's body."""
        return json.loads(body)["resourceId"]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
