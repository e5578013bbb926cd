/** The texts of the screens about operators and the keys of machines. */
export const OPERATORS_TEXTS = {
  title: { en: "Operators", zh: "运维人员" },
  intro: {
    en: "The people who run the economy, and what each may do.",
    zh: "管理经济系统的人员及其权限。",
  },
  invite: { en: "Invite", zh: "邀请" },
  inviteTitle: { en: "Invite an operator", zh: "邀请运维人员" },
  inviteIntro: {
    en: "The result is a one-time code with which the person sets a password within a day.",
    zh: "完成后会得到一次性代码，对方须在一天内用它设置密码。",
  },
  login: { en: "Login", zh: "登录名" },
  name: { en: "Name", zh: "姓名" },
  role: { en: "Role", zh: "角色" },
  status: { en: "Status", zh: "状态" },
  factor: { en: "Second factor", zh: "第二因素" },
  since: { en: "Since", zh: "创建时间" },
  yes: { en: "set up", zh: "已设置" },
  no: { en: "missing", zh: "未设置" },
  acts: { en: "Acts", zh: "操作" },
  change: { en: "Change", zh: "更改" },
  code: { en: "New code", zh: "新代码" },
  reset: { en: "Reset second factor", zh: "重置第二因素" },
  changeTitle: { en: "Change {login}", zh: "更改 {login}" },
  changeIntro: {
    en: "Sessions of a person who is suspended or gets another role end at once.",
    zh: "被停用或角色变更的人员，其会话立即结束。",
  },
  codeTitle: { en: "New one-time code for {login}", zh: "为 {login} 生成新的一次性代码" },
  codeIntro: {
    en: "For a person who was invited or lost the password. Codes of before end.",
    zh: "用于受邀或忘记密码的人员。此前的代码失效。",
  },
  resetTitle: { en: "Reset the second factor of {login}", zh: "重置 {login} 的第二因素" },
  resetIntro: {
    en: "For a person who lost the authenticator. Their sessions end.",
    zh: "用于丢失身份验证器的人员。其会话会结束。",
  },
  ownersOnly: {
    en: "Owners see and change the operators. Your role is another.",
    zh: "仅所有者可查看和管理运维人员，您的角色无此权限。",
  },
} as const;

export const STATUS_TEXTS = {
  invited: { en: "invited", zh: "已邀请" },
  active: { en: "active", zh: "正常" },
  suspended: { en: "suspended", zh: "已停用" },
} as const;
