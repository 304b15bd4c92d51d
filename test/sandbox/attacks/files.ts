/** Ways to change what is not in the slot, or to leave something dangerous in it. */
import { attack } from './attack.ts';

export const files = [
  attack('a hook in .git', `open(g["slot"] + "/.git/hooks/post-commit", "w").write("x"); reached()`),
  attack(
    'replacing .git',
    `os.rename(g["slot"] + "/.git", g["slot"] + "/old"); reached(); os.rename(g["slot"] + "/old", g["slot"] + "/.git")`,
  ),
  attack(
    'a hook of the repository',
    `p = g["repository"] + "/.git/hooks/post-commit"; open(p, "w").write("x"); reached(); os.remove(p)`,
  ),
  attack(
    'the configuration of the repository',
    `os.close(os.open(g["repository"] + "/.git/config", os.O_WRONLY)); reached()`,
  ),
  attack('a branch of the repository', `os.close(os.open(g["repository"] + "/.git/HEAD", os.O_WRONLY)); reached()`),
  attack(
    'writing outside of the slot',
    `open(g["home"] + "/planted", "w").write("x"); reached(); os.remove(g["home"] + "/planted")`,
  ),
  attack(
    'writing through a symlink',
    `os.symlink(g["home"], "to-home")
try: open("to-home/planted", "w").write("x"); reached(); os.remove("to-home/planted")
finally: os.remove("to-home")`,
  ),
  attack(
    'writing through an open folder',
    `assert os.path.isdir("../home"); d = os.open("..", os.O_RDONLY | os.O_DIRECTORY); f = os.open("planted", os.O_CREAT | os.O_WRONLY, dir_fd=d); os.close(f); os.remove("planted", dir_fd=d); reached()`,
  ),
  attack(
    'a hard link to a file outside',
    `os.link(g["home"] + "/.ssh/id_ed25519", "linked"); reached(); os.remove("linked")`,
  ),
  attack(
    'a hard link out of the slot',
    `open("own", "w").close()
try: os.link("own", g["home"] + "/linked"); reached(); os.remove(g["home"] + "/linked")
finally: os.remove("own")`,
  ),
  attack(
    'renaming the slot',
    `os.rename(g["slot"], g["slot"] + "-moved"); reached(); os.rename(g["slot"] + "-moved", g["slot"])`,
  ),
  attack(
    'writing to the system',
    `os.close(os.open("/usr/.probe", os.O_CREAT | os.O_WRONLY)); os.remove("/usr/.probe"); reached()`,
    'root',
  ),
  attack(
    'a file of /etc, opened for reading and again for writing',
    `f = os.open("/etc/passwd", os.O_RDONLY); os.close(os.open(f"/proc/self/fd/{f}", os.O_WRONLY)); reached()`,
    'root',
  ),
  attack(
    '/etc/ld.so.preload',
    `os.close(os.open("/etc/ld.so.preload-probe", os.O_CREAT | os.O_WRONLY)); os.remove("/etc/ld.so.preload-probe"); reached()`,
    'root',
  ),
  attack('core_pattern', `os.close(os.open("/proc/sys/kernel/core_pattern", os.O_WRONLY)); reached()`, 'root'),
  attack(
    'other switches of the kernel',
    `opened(["/proc/sys/kernel/modprobe", "/proc/sys/kernel/hostname", "/proc/sys/vm/overcommit_memory", "/proc/sys/fs/suid_dumpable", "/proc/sys/net/ipv4/ip_forward", "/proc/sys/user/max_user_namespaces"], os.O_WRONLY)`,
    'root',
  ),
  attack(
    'sysrq, interrupts and buses',
    `import glob
opened(["/proc/sysrq-trigger", *glob.glob("/proc/irq/*/smp_affinity"), *glob.glob("/proc/bus/pci/*/*")], os.O_WRONLY)`,
    'root',
  ),
  attack(
    'switches of /sys',
    `import glob
opened(["/sys/kernel/uevent_helper", "/sys/power/state", "/sys/kernel/mm/ksm/run", *glob.glob("/sys/module/*/parameters/*")[:50], *glob.glob("/sys/fs/cgroup/*/release_agent"), *glob.glob("/sys/fs/cgroup/**/cgroup.procs")[:9]], os.O_WRONLY)`,
    'root',
  ),
  attack(
    'devices',
    `import glob
opened(["/dev/mem", "/dev/kmsg", "/dev/port", "/dev/vda", "/dev/sda", "/dev/nvme0n1", "/dev/fuse", "/dev/kvm", "/dev/net/tun", "/dev/loop-control", "/dev/uinput", "/dev/vhost-vsock", *glob.glob("/dev/loop*")], os.O_RDWR)`,
    'root',
  ),
  attack('another kind of binary', `opened(["/proc/sys/fs/binfmt_misc/register"], os.O_WRONLY)`, 'some'),
  attack(
    'a device node',
    `os.mknod(g["slot"] + "/node", 0o20600, os.makedev(1, 3)); os.remove(g["slot"] + "/node"); reached()`,
    'root',
  ),
  attack(
    'a device node in memory',
    `os.mknod("/tmp/ambient-node", 0o60600, os.makedev(254, 0)); os.remove("/tmp/ambient-node"); reached()`,
    'root',
  ),
  attack(
    'a setuid file',
    `open(g["slot"] + "/s", "w").close(); os.chmod(g["slot"] + "/s", 0o4755); reached(); os.remove(g["slot"] + "/s")`,
  ),
  attack(
    'a setuid file by open',
    `os.close(os.open(g["slot"] + "/t", os.O_CREAT | os.O_WRONLY, 0o4700)); reached(); os.remove(g["slot"] + "/t")`,
  ),
  attack(
    'a setuid file by fchmodat2',
    `open("u", "w").close()
try: call(452, 452, -100, b"u", 0o4755, 0x100); reached()
finally: os.remove("u")`,
    'some',
  ),
  attack(
    'a setuid file by rename of a pipe',
    `os.mkfifo("v", 0o4700); assert os.stat("v").st_mode & 0o4000; reached()
os.remove("v")`,
  ),
  attack(
    'a setgid file',
    `open("w", "w").close()
try: os.chmod("w", 0o2755); assert os.stat("w").st_mode & 0o2000; reached()
finally: os.remove("w")`,
  ),
  attack(
    'capabilities of a file',
    `open("cap", "w").close()
try: os.setxattr("cap", "security.capability", struct.pack("<5I", 0x2000001, 0xffffffff, 0, 0xff, 0)); reached()
finally: os.remove("cap")`,
    'root',
  ),
  attack(
    'a file that cannot be removed',
    `f = os.open("stuck", os.O_CREAT | os.O_RDWR)
try: fcntl.ioctl(f, 0x40086602, struct.pack("l", 0x10)); reached(); fcntl.ioctl(f, 0x40086602, struct.pack("l", 0))
finally: os.remove("stuck")`,
    'some',
  ),
  attack(
    'a mark on a folder that no listing shows',
    `f = os.open(".", os.O_RDONLY)
was = struct.unpack("l", fcntl.ioctl(f, 0x80086601, bytes(8)))[0]
fcntl.ioctl(f, 0x40086602, struct.pack("l", was | 0x40)); reached(); fcntl.ioctl(f, 0x40086602, struct.pack("l", was))`,
    'some',
  ),
  attack(
    'giving a file to another user',
    `open("given", "w").close()
try: os.chown("given", 4711, 4711); reached()
finally: os.remove("given")`,
    'root',
  ),
];
