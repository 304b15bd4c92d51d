/** Ways out by sockets. */
import { attack } from './attack.ts';

export const network = [
  attack('TCP to the loopback of the host', `socket.create_connection(("127.0.0.1", g["tcp"]), 2); reached()`),
  attack(
    'TCP to the loopback of the host by IPv6',
    `assert g["tcp6"]; socket.create_connection(("::1", g["tcp6"]), 2); reached()`,
    'some',
  ),
  attack(
    'UDP to another interface of the host',
    `s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(2)
s.sendto(b"hello", (g["address"] or "127.0.0.1", g["udp"])); assert s.recv(9) == b"hello"; reached()`,
  ),
  attack(
    'a question to a name server',
    `s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(2)
s.connect(("127.0.0.1", g["udp"]))
s.send(struct.pack(">6H", 7, 256, 1, 0, 0, 0) + b"\\6secret\\4test\\0\\0\\1\\0\\1"); assert s.recv(99); reached()`,
  ),
  attack(
    'an abstract unix socket of the host',
    `s = socket.socket(socket.AF_UNIX); s.connect("\\0" + g["abstract"]); reached()`,
  ),
  attack(
    "the engine's socket, or another one outside of the slot",
    `for p in [g["home"] + "/docker.sock", "/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/run/dbus/system_bus_socket"]:
  try: socket.socket(socket.AF_UNIX).connect(p); reached(p)
  except OSError: pass`,
  ),
  attack(
    'a handle of the host handed over by a socket of the slot',
    `s = socket.socket(socket.AF_UNIX); s.connect(g["home"] + "/docker.sock"); s.send(b"fd"); m = s.recvmsg(9, 99); assert m[1]; reached()`,
  ),
  attack('AF_VSOCK', `socket.socket(40, socket.SOCK_STREAM, 0); reached()`, 'some'),
  attack('AF_ALG', `socket.socket(38, socket.SOCK_SEQPACKET, 0); reached()`, 'some'),
  attack(
    'AF_BLUETOOTH, AF_CAN, AF_XDP, AF_QIPCRTR',
    `for f in (31, 29, 44, 42):
  try: socket.socket(f, socket.SOCK_RAW, 0); reached(f)
  except OSError: pass`,
    'some',
  ),
  attack('AF_PACKET', `socket.socket(17, socket.SOCK_RAW, 0); reached()`, 'root'),
  attack('raw IP', `socket.socket(socket.AF_INET, socket.SOCK_RAW, 1); reached()`, 'root'),
  attack(
    'listening for devices of the kernel',
    `s = socket.socket(16, socket.SOCK_DGRAM, 15); s.bind((0, 1)); reached()`,
  ),
  attack('generic netlink', `socket.socket(16, socket.SOCK_RAW, 16); reached()`),
  attack('packet filters by netlink', `socket.socket(16, socket.SOCK_RAW, 12); reached()`, 'some'),
  attack(
    'a namespace of the network',
    `apart(0x40000000) if bare else check(libc.unshare(0x40000000)); reached()`,
    'root',
  ),
  attack('the interfaces of the host', `assert len(socket.if_nameindex()) > 1; reached()`, 'some'),
];
