"""CAMT.053 and MT940 as banks send them."""

from __future__ import annotations


def camt(version: str = "08", *, closing: str = "17000000.00000", status: str = "BOOK") -> str:
    code = f"<Cd>{status}</Cd>" if version >= "08" else status
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><GrpHdr>
<MsgId>1</MsgId><CreDtTm>2021-06-30T00:00:00</CreDtTm></GrpHdr><Stmt><Id>1</Id>
<Acct><Id><Othr><Id>0011004123456</Id></Othr></Id><Ccy>VND</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="VND">10000000</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2021-06-01</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="VND">{closing}</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2021-06-30</Dt></Dt></Bal>
<Ntry><Amt Ccy="VND">9000000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>{code}</Sts>
<BookgDt><Dt>2021-06-02</Dt></BookgDt><NtryDtls>
<TxDtls><Refs><EndToEndId>A1</EndToEndId></Refs><Amt Ccy="VND">4000000</Amt>
<RmtInf><Ustrd>dong gop</Ustrd><Ustrd>hoi cho</Ustrd></RmtInf></TxDtls>
<TxDtls><Refs><EndToEndId>A2</EndToEndId></Refs><Amt Ccy="VND">5000000</Amt></TxDtls>
</NtryDtls></Ntry>
<Ntry><Amt Ccy="VND">2000000</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>{code}</Sts>
<BookgDt><DtTm>2021-06-20T10:00:00</DtTm></BookgDt><AcctSvcrRef>B7</AcctSvcrRef>
<AddtlNtryInf>tra tien</AddtlNtryInf></Ntry>
<Ntry><Amt Ccy="VND">77</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>{"<Cd>PDNG</Cd>" if version >= "08" else "PDNG"}</Sts>
<BookgDt><Dt>2021-06-21</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>"""


MT940 = """:20:STARTUMS
:25:0011004123456
:28C:1/1
:60F:C210601VND10000000,
:61:2106020602C9000000,NTRFREF1//BANK1
:86:dong gop hoi cho
:61:2106200620D2000000,NTRFNONREF//BANK2
:86:tra tien thue
 gian hang
:62F:C210630VND17000000,
-
"""
