#!/usr/bin/env python3
"""An HTTP camera with bad manners, on 127.0.0.1. Prints its port, then does what lines on standard input say.

/live    multipart JPEG, without end        /FILE  a file of the folder, whole (with ranges left out)
/secret  the same for user "eye", password "p4ss"   /half/FILE  its first half, then the connection breaks
/silent  accepts and never answers

Commands: frame FILE | rate N | stall | go | corrupt N (of the next frames) | disconnect | refuse | accept
Ends when its standard input ends."""
import base64
import http.server
import pathlib
import sys
import threading
import time

folder = pathlib.Path(sys.argv[1])


class Camera:
    frame = b""
    rate = 20.0
    stalled = False
    refusing = False
    corrupt = 0
    connection = 0  # those that are older are to end


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        if Camera.refusing:
            return self.send_error(503)
        if self.path == "/silent":
            return time.sleep(3600)
        if self.path == "/secret":
            wanted = "Basic " + base64.b64encode(b"eye:p4ss").decode()
            if self.headers.get("Authorization") != wanted:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="camera"')
                self.send_header("Content-Length", "0")
                return self.end_headers()
            return self.stream()
        if self.path == "/live":
            return self.stream()
        half = self.path.startswith("/half/")
        path = folder / self.path.removeprefix("/half").lstrip("/")
        if not path.is_file():
            return self.send_error(404)
        content = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if half else content)
        self.close_connection = True

    def stream(self):
        mine = Camera.connection
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        due = time.monotonic()
        while mine == Camera.connection:
            if Camera.stalled:
                time.sleep(0.01)
                continue
            frame = Camera.frame
            if Camera.corrupt > 0:
                Camera.corrupt -= 1
                frame = frame[:2] + b"x" * (len(frame) - 2)
            self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(frame))
            self.wfile.write(frame + b"\r\n")
            due = max(due + 1 / Camera.rate, time.monotonic() - 1)
            time.sleep(max(0, due - time.monotonic()))
        self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):  # clients go whenever they like
        pass


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
for line in sys.stdin:
    command, *rest = line.split()
    if command == "frame":
        Camera.frame = (folder / rest[0]).read_bytes()
    elif command == "rate":
        Camera.rate = float(rest[0])
    elif command in ("stall", "go"):
        Camera.stalled = command == "stall"
    elif command == "corrupt":
        Camera.corrupt = int(rest[0])
    elif command == "disconnect":
        Camera.connection += 1
    elif command in ("refuse", "accept"):
        Camera.refusing = command == "refuse"
    print("done", flush=True)
