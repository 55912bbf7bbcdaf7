/** Ports that browsers refuse too: https://fetch.spec.whatwg.org/#port-blocking */
const BAD_PORTS = [
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
  109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
  526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
  3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/** Databases, queues, caches, remote control and cluster control: none of them receives webhooks. */
const BACKEND_PORTS = [
  // SMB, rsync, Docker, etcd, RDP, VNC, Kubernetes
  445, 873, 2375, 2376, 2379, 2380, 3389, 5900, 6443, 10250, 10255,
  // SQL Server, Oracle, MySQL, PostgreSQL, Redis, Cassandra, Elasticsearch, memcached, CockroachDB, MongoDB
  1433, 1521, 3306, 5432, 6379, 6380, 7199, 9042, 9200, 9300, 11211, 26257, 27017, 27018, 27019,
  // ZooKeeper, AMQP, Kafka, RabbitMQ clustering, ActiveMQ, MQTT
  2181, 4369, 5671, 5672, 9092, 25672, 61616, 1883, 8883,
];

const REFUSED_PORTS = new Set([...BAD_PORTS, ...BACKEND_PORTS].map(String));

/** Whether a port, written as in `URL.port` (empty for the scheme's default), belongs to no web server. */
export function isRefusedPort(port: string): boolean {
  return REFUSED_PORTS.has(port);
}
