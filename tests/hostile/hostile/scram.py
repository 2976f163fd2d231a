"""SCRAM-SHA-256 of either side (RFC 5802), for peers that tell the truth up to a point."""
import base64
import hashlib
import hmac

SALT, ITERATIONS = b'salt', 4096


def _hmac(key, text):
    return hmac.new(key, text.encode() if isinstance(text, str) else text, 'sha256').digest()


def b64(data):
    return base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode()


def unb64(text):
    return base64.b64decode(text)


def fields(message):
    text = message.decode() if isinstance(message, bytes) else message
    return {part[0]: part[2:] for part in text.split(',') if part[1:2] == '='}


def proofs(password, salt, iterations, auth_message):
    """(the client's proof, the server's), as base64."""
    salted = hashlib.pbkdf2_hmac('sha256', password.encode(), salt, iterations)
    client_key = _hmac(salted, 'Client Key')
    signature = _hmac(hashlib.sha256(client_key).digest(), auth_message)
    return (b64(bytes(a ^ b for a, b in zip(client_key, signature))),
            b64(_hmac(_hmac(salted, 'Server Key'), auth_message)))
