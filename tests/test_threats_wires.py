"""Whoever sits between the till and MTN or Telegram learns nothing and sends it nowhere else."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self

import pytest
from telegram.error import NetworkError

from bot.chat.transport import AiohttpRequest
from bot.settings import SettingsError, load_settings
from momo import AiohttpTransport, ConnectionFailed, HttpRequest, MomoError, Outcome

SECRET_BODY = b'{"amount": "1"}'


class Listener:
    """A port that counts who connects and keeps what it is told; it may answer everybody the same."""

    def __init__(self, answer: bytes = b"", tls: ssl.SSLContext | None = None) -> None:
        self._answer, self._tls = answer, tls
        self.connections = 0
        self.heard = b""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.heard += await reader.read(65536)
        writer.write(self._answer)
        writer.close()


@pytest.fixture
async def momo() -> AsyncIterator[AiohttpTransport]:
    transport = AiohttpTransport()
    yield transport
    await transport.close()


def request(scheme: str, port: int) -> HttpRequest:
    return HttpRequest("POST", f"{scheme}://127.0.0.1:{port}/disbursement/v1_0/transfer", {}, SECRET_BODY)


@pytest.fixture(scope="module")
def self_signed(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = str(folder / "key.pem"), str(folder / "cert.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


async def test_a_certificate_nobody_vouches_for_ends_it_before_a_word_is_sent(
    momo: AiohttpTransport, self_signed: ssl.SSLContext
) -> None:
    async with Listener(tls=self_signed) as imposter:
        with pytest.raises(ConnectionFailed) as refused:
            await momo.exchange(request("https", imposter.port))
    assert refused.value.outcome is Outcome.NOT_APPLIED
    assert imposter.heard == b""


async def test_telegrams_token_is_not_shown_to_a_certificate_nobody_vouches_for(self_signed: ssl.SSLContext) -> None:
    telegram = AiohttpRequest()
    await telegram.initialize()
    async with Listener(tls=self_signed) as imposter:
        with pytest.raises(NetworkError):
            await telegram.do_request(f"https://127.0.0.1:{imposter.port}/bot1:token/getMe", "POST")
    await telegram.shutdown()
    assert imposter.heard == b""


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_leads_nowhere(momo: AiohttpTransport, status: int) -> None:
    async with Listener() as inside:
        there = f"Location: http://127.0.0.1:{inside.port}/latest/meta-data\r\nContent-Length: 0\r\n\r\n"
        async with Listener(f"HTTP/1.1 {status} Found\r\n{there}".encode()) as mtn:
            answer = await momo.exchange(request("http", mtn.port))
    assert (answer.status, inside.connections) == (status, 0)


async def test_an_address_in_an_answer_is_never_called(momo: AiohttpTransport) -> None:
    async with Listener() as inside:
        url = f"http://127.0.0.1:{inside.port}/"
        body = f'{{"callbackUrl": "{url}", "href": "{url}", "url": "{url}"}}'
        head = f"HTTP/1.1 202 Accepted\r\nX-Callback-Url: {url}\r\nLink: <{url}>\r\nContent-Length: {len(body)}\r\n\r\n"
        async with Listener((head + body).encode()) as mtn:
            await momo.exchange(request("http", mtn.port))
    assert inside.connections == 0


@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"])
async def test_a_proxy_of_the_environment_is_not_used(
    momo: AiohttpTransport, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    async with Listener() as proxy, Listener(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n") as mtn:
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        await momo.exchange(request("http", mtn.port))
    assert (proxy.connections, mtn.connections) == (0, 1)


@pytest.mark.parametrize("name", ["MOMO_BASE_URL", "TELEGRAM_API_URL", "PUBLIC_URL"])
@pytest.mark.parametrize("url", ["http://momo.example", "http://169.254.169.254", "ftp://momo.example", "//x"])
def test_an_address_without_tls_stops_the_start(tmp_path: Path, name: str, url: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({name: url}, tmp_path / "no.env")


async def test_an_unreadable_error_is_never_a_definite_refusal(momo: AiohttpTransport) -> None:
    async with Listener(b"HTTP/1.1 202 Acc") as mtn:
        with pytest.raises(MomoError) as lost:
            await momo.exchange(request("http", mtn.port))
    assert lost.value.outcome is Outcome.UNKNOWN
