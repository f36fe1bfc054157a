-- Tierline for Neovim 0.11 and later. With this folder on the runtimepath: vim.lsp.enable('tierline')
--
-- It runs beside the language's own server. Hover is `K`, the menu of code actions is `gra`; no key is mapped here.

---@type vim.lsp.Config
return {
  cmd = { 'tierline', 'lsp' },
  filetypes = {
    'c',
    'cpp',
    'go',
    'java',
    'javascript',
    'javascriptreact',
    'python',
    'rust',
    -- For what is wrong in tierline.toml.
    'toml',
    'typescript',
    'typescriptreact',
  },
  -- The nearest of our own files wins over the repository's root, so that a part of a monorepo can be a workspace.
  root_markers = { 'tierline.toml', '.git' },
  -- A file outside any workspace has no index to ask, and a home directory is no workspace.
  workspace_required = true,
  settings = { tierline = vim.empty_dict() },
}
