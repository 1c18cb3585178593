"""Photographs a page in light or dark.

Usage: photograph.py BROWSER PAGE light|dark PICTURE [WIDTH HEIGHT]
Chromium is told which colours the reader prefers by its own debugging protocol, over the pipes that it offers for it.
"""

import base64
import fcntl
import json
import os
import pathlib
import subprocess
import sys
import tempfile


class Browser:
    def __init__(self, command, profile):
        # The browser reads commands from 3 and answers on 4, each ended by a zero byte.
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        high_in, high_out = (fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (theirs_in, theirs_out))

        def wire():
            os.dup2(high_in, 3)
            os.dup2(high_out, 4)

        self.process = subprocess.Popen(
            [command, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"],
            preexec_fn=wire,
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for end in (theirs_in, theirs_out, high_in, high_out):
            os.close(end)
        self.answers = os.fdopen(ours_in, "rb", buffering=0)
        self.commands = os.fdopen(ours_out, "wb", buffering=0)
        self.number = 0
        self.rest = b""
        self.session = None

    def message(self):
        while b"\0" not in self.rest:
            more = self.answers.read(1 << 20)
            if not more:
                raise EOFError("the browser has ended")
            self.rest += more
        one, self.rest = self.rest.split(b"\0", 1)
        return json.loads(one)

    def ask(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        self.commands.write(json.dumps(request).encode() + b"\0")
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def wait(self, event):
        while self.message().get("method") != event:
            pass


def main():
    command, page, scheme, picture = sys.argv[1:5]
    width, height = (int(n) for n in (sys.argv[5:7] or (1100, 1400)))
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(command, profile)
        try:
            target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
            browser.session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            browser.ask("Page.enable")
            browser.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
            browser.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            browser.ask("Page.navigate", url=pathlib.Path(page).resolve().as_uri())
            browser.wait("Page.loadEventFired")
            # Figures are drawn after loading: two frames later everything stands.
            browser.ask(
                "Runtime.evaluate",
                expression="new Promise(done => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 1500))",
                awaitPromise=True,
            )
            shot = browser.ask("Page.captureScreenshot", format="png")
            pathlib.Path(picture).write_bytes(base64.b64decode(shot["data"]))
        finally:
            browser.process.terminate()
            browser.process.wait()


main()
