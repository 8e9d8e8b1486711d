/**
 * Programs that cannot do their work without root, with what they need it for and the page that says so: manual pages of Debian under
 * https://manpages.debian.org/, else the project's own documentation. Programs that merely may be given more as root are not here.
 */
interface RootProgram {
  readonly names: string;
  readonly needs: string;
  readonly source: string;
}

const table: readonly RootProgram[] = [
  { names: 'sshd', needs: 'switches to the user who logs in', source: 'https://manpages.debian.org/sshd.8' },
  { names: 'cron crond anacron fcron dcron', needs: 'starts jobs as their users', source: 'https://manpages.debian.org/cron.8' },
  {
    names: 'dockerd containerd buildkitd crio dockerd-entrypoint.sh podman-system-service',
    needs: 'makes containers',
    source: 'https://docs.docker.com/engine/security/#docker-daemon-attack-surface',
  },
  {
    names: 'kubelet kube-proxy',
    needs: 'manages its node',
    source: 'https://kubernetes.io/docs/tasks/administer-cluster/kubelet-in-userns/',
  },
  {
    names: 'flanneld calico-node calico-felix calico-felix-wrapper cilium-agent',
    needs: 'sets up networking on its node',
    source: 'https://docs.cilium.io/en/stable/operations/system_requirements/',
  },
  { names: 'dhcpd dhclient udhcpd', needs: 'opens raw sockets', source: 'https://manpages.debian.org/dhclient.8' },
  { names: 'openvpn', needs: 'makes network devices', source: 'https://manpages.debian.org/openvpn.8' },
  { names: 'wg wg-quick boringtun wireguard-go', needs: 'makes network devices', source: 'https://manpages.debian.org/wg-quick.8' },
  { names: 'tailscaled', needs: 'makes network devices', source: 'https://tailscale.com/kb/1112/userspace-networking' },
  { names: 'keepalived', needs: 'moves addresses', source: 'https://manpages.debian.org/keepalived.8' },
  {
    names: 'iptables ip6tables iptables-restore ip6tables-restore nft ipset ipvsadm ebtables arptables',
    needs: 'changes the packet filter',
    source: 'https://manpages.debian.org/iptables.8',
  },
  { names: 'tc brctl ovs-vswitchd ovsdb-server', needs: 'changes network devices', source: 'https://manpages.debian.org/tc.8' },
  { names: 'masscan zmap', needs: 'sends raw packets', source: 'https://manpages.debian.org/masscan.8' },
  { names: 'tcpdump tshark dumpcap arp-scan', needs: 'reads raw packets', source: 'https://manpages.debian.org/tcpdump.8' },
  { names: 'traceroute mtr hping3', needs: 'opens raw sockets', source: 'https://manpages.debian.org/mtr.8' },
  { names: 'udevd systemd-udevd', needs: 'manages devices', source: 'https://manpages.debian.org/systemd-udevd.8' },
  { names: 'modprobe insmod rmmod depmod dkms', needs: 'loads kernel modules', source: 'https://manpages.debian.org/modprobe.8' },
  { names: 'sysctl', needs: 'changes kernel parameters', source: 'https://manpages.debian.org/sysctl.8' },
  {
    names: 'mount umount mkfs mkfs.ext4 mkfs.xfs losetup fdisk parted cryptsetup dmsetup lvm vgchange swapon',
    needs: 'operates on block devices',
    source: 'https://manpages.debian.org/mount.8',
  },
  { names: 'chown', needs: 'changes the owners of files', source: 'https://manpages.debian.org/chown.1' },
  { names: 'chroot', needs: 'changes its root directory', source: 'https://manpages.debian.org/chroot.8' },
  { names: 'nsenter', needs: 'enters the namespaces of other processes', source: 'https://manpages.debian.org/nsenter.1' },
  {
    names: 'debootstrap cdebootstrap pacstrap',
    needs: 'installs an operating system in a directory',
    source: 'https://manpages.debian.org/debootstrap.8',
  },
  { names: 'certbot letsencrypt', needs: 'keeps certificates in /etc/letsencrypt', source: 'https://manpages.debian.org/certbot.1' },
  { names: 'slapd', needs: 'listens on port 389 and switches to its own user', source: 'https://manpages.debian.org/slapd.8' },
  { names: 'sssd winbindd nslcd', needs: 'answers queries about the users of the system', source: 'https://manpages.debian.org/sssd.8' },
  { names: 'ntpd chronyd', needs: 'sets the clock', source: 'https://manpages.debian.org/chronyd.8' },
  { names: 'smbd nmbd', needs: 'switches to the user who connects', source: 'https://manpages.debian.org/smbd.8' },
  {
    names: 'nfsd rpc.nfsd rpc.mountd rpcbind exportfs ganesha.nfsd',
    needs: 'exports filesystems through the kernel',
    source: 'https://manpages.debian.org/rpc.nfsd.8',
  },
  { names: 'vsftpd proftpd pure-ftpd', needs: 'switches to the user who logs in', source: 'https://manpages.debian.org/vsftpd.8' },
  { names: 'inetd xinetd', needs: 'starts services as their users', source: 'https://manpages.debian.org/xinetd.8' },
  { names: 'in.tftpd', needs: 'changes its root directory', source: 'https://manpages.debian.org/in.tftpd.8' },
  { names: 'cupsd', needs: 'runs filters and printer backends as other users', source: 'https://manpages.debian.org/cupsd.8' },
  { names: 'saslauthd', needs: "reads the system's password database", source: 'https://manpages.debian.org/saslauthd.8' },
  { names: 'radvd', needs: 'opens raw sockets', source: 'https://manpages.debian.org/radvd.8' },
  { names: 'fail2ban-server', needs: 'changes the packet filter', source: 'https://manpages.debian.org/fail2ban-server.1' },
  { names: 'pppd xl2tpd ocserv', needs: 'makes network devices', source: 'https://manpages.debian.org/pppd.8' },
  { names: 'auditd auditctl', needs: 'reads the kernel audit log', source: 'https://manpages.debian.org/auditd.8' },
  { names: 'falco', needs: 'watches system calls', source: 'https://falco.org/docs/setup/container/' },
  {
    names: 'cadvisor',
    needs: "reads the node's control groups",
    source: 'https://github.com/google/cadvisor/blob/master/docs/running.md',
  },
  {
    names: 'docker-bench-security.sh kube-bench lynis',
    needs: 'checks files that only root can read',
    source: 'https://github.com/docker/docker-bench-security#readme',
  },
  {
    names: 'service systemctl rc-service invoke-rc.d',
    needs: 'starts system services',
    source: 'https://manpages.debian.org/service.8',
  },
  { names: 'ServiceMonitor', needs: 'starts a Windows service', source: 'https://github.com/microsoft/IIS.ServiceMonitor#readme' },
];

const byName = new Map(table.flatMap(({ names, needs, source }) => names.split(' ').map(name => [name, { needs, source }] as const)));

/** Why a program, by its name without folders, needs root, and the page that says so; `null` where it is not known to. */
export function rootProgram(name: string): { readonly needs: string; readonly source: string } | null {
  return byName.get(name) ?? null;
}
