"""The currencies of ISO 4217, and how many decimals their amounts have.

The table is our own, although Babel has one: how many decimals a currency has decides what a stored price means, and
Babel's follows usage (no decimals for RSD, which ISO 4217 divides by 100) and may change with a release. Nor is Babel
needed at startup like this.
"""

from dataclasses import dataclass

_BY_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF "
    "CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF "
    "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN "
    "MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS "
    "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
CODES = {code: digits for digits, codes in _BY_DIGITS.items() for code in codes.split()}


@dataclass(frozen=True)
class Currency:
    """A currency.

    :param code: of ISO 4217, such as JPY
    :param digits: decimals of an amount, which the API's whole numbers of smallest units leave out
    """

    code: str
    digits: int

    def __str__(self) -> str:
        return self.code


JPY = Currency("JPY", 0)


def find_currency(code: str) -> Currency:
    """Return the currency with a code of ISO 4217, in any case.

    :raises ValueError: there is none
    """
    code = code.strip().upper()
    if code not in CODES:
        raise ValueError(f"No currency of ISO 4217 has the code {code!r}.")
    return Currency(code, CODES[code])
