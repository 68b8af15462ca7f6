"""What people call a browser or an app, from what it says of itself."""

# The first that occurs counts: Edge says that it is Chrome as well, and Chrome that it is Safari.
PROGRAMS = {
    "Edg/": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def device(said: str) -> str:
    """Return a short name, as in "Firefox, Windows", or the program's own where it is no browser.

    :param said: the header ``User-Agent``; anything, since clients choose it
    """
    program = next((name for part, name in PROGRAMS.items() if part in said), None)
    system = next((name for part, name in SYSTEMS.items() if part in said), None)
    if program and system:
        return f"{program}, {system}"
    return said.partition(" ")[0]
