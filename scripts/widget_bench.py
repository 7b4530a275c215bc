"""Measure the widget beside others in one run: what a page loads, and how soon an answer is there.

The others come from the npm registry, each set up as its README says, on the same server: rasa-webchat over Socket.IO (our
channel speaks Rasa's event names), deep-chat over REST. Ratios count: the machine is shared.
"""

from __future__ import annotations

import gzip
import json
import shutil
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page

from actions.help_file import PROJECT
from channels.widget.assets import FOLDER as STATIC
from scripts.run import DEMO, Servers, running, spare
from scripts.widget import WIDGET, chromium

RUNS = 20
OTHERS = {"rasa-webchat@1.0.1": "lib/index.js", "deep-chat@2.4.2": "dist/deepChat.bundle.js"}
OURS = STATIC / "aiguilleur.js"
OUT = PROJECT / "docs" / "widget" / "bench.json"

QUESTION, ANSWER = "merci", "Je vous en prie."

PAGES = {
    "aiguilleur": '<script src="aiguilleur.js"></script>',
    "rasa-webchat@1.0.1": """<script src="rasa-webchat@1.0.1.js"></script>
        <script>
        WebChat.default({socketUrl: location.origin, socketPath: "/socket.io/", initPayload: "bonjour"}, null);
        </script>""",
    "deep-chat@2.4.2": """<script type="module" src="deep-chat@2.4.2.js"></script>
        <deep-chat connect='{"url": "/webhooks/rest/webhook", "method": "POST"}'></deep-chat>
        <script type="module">
        const chat = document.querySelector("deep-chat"), sender = "bench" + Math.random();
        chat.requestInterceptor = ({body, ...request}) => ({...request, body: {sender, message: body.messages[0].text}});
        chat.responseInterceptor = (answer) => ({text: answer[0].text});
        </script>""",
}

#: How each is opened, and where one writes.
OPEN: dict[str, Callable[[Page], None]] = {
    "aiguilleur": lambda page: page.get_by_role("button", name="Besoin d’aide").click(),
    "rasa-webchat@1.0.1": lambda page: page.locator(".rw-launcher").click(),
    "deep-chat@2.4.2": lambda page: None,
}
FIELD = {
    "aiguilleur": "textarea#input",
    "rasa-webchat@1.0.1": ".rw-new-message",
    "deep-chat@2.4.2": "deep-chat #text-input",
}

#: Milliseconds from the key that sends to the frame in which the answer stands on the page, shadow roots included.
WATCH = """(answer) => {
    const text = (node) => node.nodeType === 3 ? node.data : ["STYLE", "SCRIPT"].includes(node.nodeName) ? ""
        : [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes].map(text).join("");
    addEventListener("keydown", ({key}) => {
        if (key !== "Enter") return;
        const start = performance.now();
        const look = () => {
            if (text(document.body).includes(answer)) window.answered = performance.now() - start;
            else requestAnimationFrame(look);
        };
        look();
    }, true);
}"""


def scripts(folder: Path) -> dict[str, bytes]:
    """Each widget's script."""
    found = {"aiguilleur": OURS.read_bytes()}
    for package, file in OTHERS.items():
        packed = WIDGET.run("npm", "pack", package, "--silent", "--pack-destination", str(folder)).strip()
        shutil.unpack_archive(folder / packed, folder / package)
        found[package] = (folder / package / "package" / file).read_bytes()
    return found


def first_reply(browser: Browser, servers: Servers, name: str, script: bytes) -> float:
    """Milliseconds to the first answer, in a browser that has seen nothing before."""
    context = browser.new_context()
    try:
        page = context.new_page()
        base = servers.url + DEMO.rsplit("/", 1)[0]
        page.route(f"{base}/page", lambda route: route.fulfill(body=PAGES[name], content_type="text/html; charset=utf-8"))
        page.route(f"{base}/{name}.js", lambda route: route.fulfill(body=script, content_type="text/javascript; charset=utf-8"))
        page.goto(f"{base}/page")
        OPEN[name](page)
        field = page.locator(FIELD[name])
        field.click()
        page.wait_for_timeout(1500)  # connected
        page.evaluate(WATCH, ANSWER)
        page.keyboard.type(QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_function("window.answered", timeout=15_000)
        return float(page.evaluate("window.answered"))
    finally:
        context.close()


def main() -> None:
    """Measure, print, and keep the figures."""
    figures = {}
    with (
        tempfile.TemporaryDirectory() as name,
        running(spare(Path(name))) as servers,
        chromium("--disable-features=LocalNetworkAccessChecks") as browser,
    ):
        files = scripts(Path(name))
        times: dict[str, list[float]] = {widget: [] for widget in files}
        for _ in range(RUNS):  # in turn, so that what else the machine does falls on all
            for widget, script in files.items():
                times[widget].append(first_reply(browser, servers, widget, script))
        ours = statistics.median(times["aiguilleur"])
        for widget, script in files.items():
            ordered = sorted(times[widget])
            figures[widget] = {
                "script_kilobytes_gzip": round(len(gzip.compress(script, 9)) / 1000, 1),
                "first_reply_ms_median": round(statistics.median(ordered)),
                "first_reply_ms_p95": round(ordered[int(RUNS * 0.95) - 1]),
                "times_ours": round(statistics.median(ordered) / ours, 1),
            }
            print(widget, figures[widget], flush=True)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
