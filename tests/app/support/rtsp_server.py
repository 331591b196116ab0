#!/usr/bin/env python3
"""A network camera: an RTSP server with a moving picture, 320x240 at 15 frames/s, at rtsp://127.0.0.1:PORT/live.

Prints PORT once it listens. With --user and --password it asks for them. Ends when its standard input ends.
Exit code 77 and a reason: this machine lacks what it takes."""
import argparse
import sys

try:
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import GLib, Gst, GstRtspServer
except (ImportError, ValueError) as missing:
    print("there is no GStreamer RTSP server for Python:", missing)
    sys.exit(77)

ENCODERS = [
    ("x264enc", "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! rtph264pay"),
    ("openh264enc", "openh264enc gop-size=15 ! rtph264pay"),
    ("jpegenc", "jpegenc ! rtpjpegpay"),
]

parser = argparse.ArgumentParser()
parser.add_argument("--port", default="0")
parser.add_argument("--user")
parser.add_argument("--password")
arguments = parser.parse_args()

Gst.init(None)
encoder = next((how for name, how in ENCODERS if Gst.ElementFactory.find(name)), None)
if encoder is None:
    print("GStreamer has no encoder for RTSP")
    sys.exit(77)

server = GstRtspServer.RTSPServer.new()
server.set_address("127.0.0.1")
server.set_service(arguments.port)
factory = GstRtspServer.RTSPMediaFactory.new()
factory.set_launch(
    "( videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=320,height=240,framerate=15/1 ! "
    + encoder + " name=pay0 pt=96 )")
factory.set_shared(True)
if arguments.user:
    auth = GstRtspServer.RTSPAuth.new()
    token = GstRtspServer.RTSPToken.new()
    token.set_string("media.factory.role", "viewer")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(arguments.user, arguments.password), token)
    server.set_auth(auth)
    factory.add_role_from_structure(
        Gst.Structure.from_string("viewer, media.factory.access=true, media.factory.construct=true")[0])
server.get_mount_points().add_factory("/live", factory)
if server.attach(None) == 0:
    print("the port is taken")
    sys.exit(1)
loop = GLib.MainLoop()
GLib.io_add_watch(sys.stdin.fileno(), GLib.PRIORITY_DEFAULT, GLib.IOCondition.IN | GLib.IOCondition.HUP,
                  lambda *_: loop.quit())
print(server.get_bound_port(), flush=True)
loop.run()
