/** Better Auth's names of tables and columns, mapped to ours. */
export const USERS = {
  modelName: "users",
  fields: { emailVerified: "email_verified", createdAt: "created_at", updatedAt: "updated_at" },
};

export const SESSIONS = {
  modelName: "sessions",
  fields: {
    expiresAt: "expires_at",
    createdAt: "created_at",
    updatedAt: "updated_at",
    ipAddress: "ip_address",
    userAgent: "user_agent",
    userId: "user_id",
  },
};

export const ACCOUNTS = {
  modelName: "accounts",
  fields: {
    accountId: "account_id",
    providerId: "provider_id",
    userId: "user_id",
    accessToken: "access_token",
    refreshToken: "refresh_token",
    idToken: "id_token",
    accessTokenExpiresAt: "access_token_expires_at",
    refreshTokenExpiresAt: "refresh_token_expires_at",
    createdAt: "created_at",
    updatedAt: "updated_at",
  },
};

export const VERIFICATIONS = {
  modelName: "verifications",
  fields: { expiresAt: "expires_at", createdAt: "created_at", updatedAt: "updated_at" },
};

/** Better Auth calls a workspace an organization. */
export const WORKSPACE_TABLES = {
  organization: { modelName: "workspaces", fields: { createdAt: "created_at" } },
  member: {
    modelName: "members",
    fields: { organizationId: "workspace_id", userId: "user_id", createdAt: "created_at" },
  },
  invitation: {
    modelName: "invitations",
    fields: {
      organizationId: "workspace_id",
      inviterId: "inviter_id",
      expiresAt: "expires_at",
      createdAt: "created_at",
    },
  },
  session: { fields: { activeOrganizationId: "active_workspace_id" } },
};
