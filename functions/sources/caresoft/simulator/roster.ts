import type { Channel } from '../../../chats/channel.ts';

/** The simulated account: its agents and groups, and the services that customers write to. */

export interface Group {
  readonly id: number;
  readonly name: string;
}

export interface Agent {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly group: Group;
  /** An agent who has left is on old chats, but no longer in /agents. */
  readonly isListed: boolean;
}

export interface Service {
  readonly id: number;
  readonly name: string;
  readonly channel: Channel;
}

const sales: Group = { id: 12_001, name: 'Bán hàng' };
const care: Group = { id: 12_002, name: 'Chăm sóc khách hàng' };
const warranty: Group = { id: 12_003, name: 'Bảo hành & Đổi trả' };
const plain: Group = { id: 12_004, name: 'Default Group' };

export const GROUPS: readonly Group[] = [sales, care, warranty, plain];

export const AGENTS: readonly Agent[] = [
  agent(1, 'Nguyễn Thị Hồng Nhung', 'nhung.nguyen', sales),
  agent(2, 'Trần Quốc Bảo', 'bao.tran', sales),
  agent(3, 'Lê Thị Mỹ Duyên', 'duyen.le', sales),
  agent(4, 'Phạm Đức Huy', 'huy.pham', sales),
  agent(5, 'Đặng Thị Ngọc Ánh', 'anh.dang', care),
  agent(6, 'Vũ Hoàng Long', 'long.vu', care),
  agent(7, 'Bùi Thị Kim Oanh', 'oanh.bui', care),
  agent(8, 'Đỗ Minh Tuấn', 'tuan.do', warranty),
  agent(9, 'Hồ Thị Thanh Trúc', 'truc.ho', warranty),
  agent(10, 'Ngô Gia Khánh', 'khanh.ngo', plain),
  agent(11, 'Dương Thị Tuyết', 'tuyet.duong', sales, false),
  agent(12, 'Lý Văn Phước', 'phuoc.ly', care, false),
];

export const SERVICES: readonly Service[] = [
  { id: 60_000_001, name: 'Trang web bán hàng', channel: 'livechat' },
  { id: 60_000_002, name: 'Cửa hàng Hoa Mai', channel: 'messenger' },
  { id: 60_000_003, name: 'Hoa Mai Gia Dụng', channel: 'messenger' },
  { id: 60_000_004, name: 'Zalo Hoa Mai Chính Hãng', channel: 'zalo' },
];

export function servicesOf(channel: Channel): Service[] {
  return SERVICES.filter((service) => service.channel === channel);
}

function agent(number: number, name: string, mailbox: string, group: Group, isListed = true): Agent {
  return { id: 142_900_000 + number, name, email: `${mailbox}@example.com`, group, isListed };
}
