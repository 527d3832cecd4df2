"""Settings that name one address or several."""


def addresses_in(setting: str) -> list[str]:
    """Return the addresses that are named, separated by commas."""
    return [address.strip() for address in setting.split(",")]
