"""A client of millrace-lsp-server: opens one document, prints diagnostics, then hover, definition and completion at the
places that the document marks with /*hover*/, /*definition*/ and /*complete*/ (which are taken out before)."""
import json
import re
import subprocess
import sys

MARK = re.compile(r"/\*(hover|definition|completion)\*/")


def message(server, method, params, ident=None):
    body = {"jsonrpc": "2.0", "method": method, "params": params}
    if ident is not None:
        body["id"] = ident
    text = json.dumps(body)
    server.stdin.write(f"Content-Length: {len(text.encode())}\r\n\r\n{text}".encode())
    server.stdin.flush()


def answer(server):
    length = 0
    while (line := server.stdout.readline().strip()):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return json.loads(server.stdout.read(length)) if length else sys.exit("the server ended")


def ask(server, method, params, ident):
    message(server, method, params, ident)
    while (reply := answer(server)).get("id") != ident:
        pass
    return reply["result"]


def main():
    places, text = [], open(sys.argv[1]).read()
    while (found := MARK.search(text)):
        before = text[: found.start()]
        places.append((found[1], {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}))
        text = before + text[found.end():]
    server = subprocess.Popen(["millrace-lsp-server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL)
    uri = "file:///test.mlir"
    ask(server, "initialize", {"processId": None, "rootUri": None, "capabilities": {}}, 0)
    message(server, "initialized", {})
    message(server, "textDocument/didOpen",
            {"textDocument": {"uri": uri, "languageId": "mlir", "version": 1, "text": text}})
    while (reply := answer(server)).get("method") != "textDocument/publishDiagnostics":
        pass
    for diagnostic in reply["params"]["diagnostics"]:
        start = diagnostic["range"]["start"]
        print(f"diagnostic {start['line'] + 1}:{start['character'] + 1}: {diagnostic['message']}")
    for ident, (kind, position) in enumerate(places, 1):
        result = ask(server, f"textDocument/{kind}", {"textDocument": {"uri": uri}, "position": position}, ident)
        if kind == "completion":
            items = result if isinstance(result, list) else result["items"]
            result = " ".join(sorted(item["label"] for item in items))
        print(f"{kind}: {json.dumps(result) if not isinstance(result, str) else result}")
    ask(server, "shutdown", None, 1000)
    message(server, "exit", None)
    server.wait()


main()
