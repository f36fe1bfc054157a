-- Tierline for Neovim 0.11 and later. With this folder on the runtimepath: vim.lsp.enable('tierline')
--
-- It runs beside the language's own server. Hover is `K`, the menu of code actions is `gra`; no key is mapped here. This file is enough by
-- itself; what stands in lua/tierline shows the state, fills hovers in and starts a server that ended again.

-- Calls a function of the plugin where the plugin is there.
local function plugin(part, name, ...)
  local there, module = pcall(require, 'tierline.' .. part)
  if there then
    module[name](...)
  end
end

-- What the plugin can have the language's own server answer; a folder without the plugin says nothing of it.
local can_ask = #vim.api.nvim_get_runtime_file('lua/tierline/peer.lua', false) > 0

-- The protocol has no way to ask for words: where an action needs some, Neovim asks, and hands them on in the command.
local function asking(prompt)
  return function(command, context)
    local client = assert(vim.lsp.get_client_by_id(context.client_id))
    local argument = command.arguments[1]
    local function run()
      client:request('workspace/executeCommand', { command = command.command, arguments = { argument } }, nil, context.bufnr)
    end
    if argument.instruction then
      return run()
    end
    vim.ui.input({ prompt = prompt }, function(words)
      if words and vim.trim(words) ~= '' then
        argument.instruction = words
        run()
      end
    end)
  end
end

---@type vim.lsp.Config
return {
  cmd = { 'tierline', 'lsp' },
  filetypes = {
    'bash',
    'c',
    'cpp',
    'cs',
    'dart',
    'elixir',
    'go',
    'haskell',
    'java',
    'javascript',
    'javascriptreact',
    'julia',
    'kotlin',
    'lua',
    'ocaml',
    'php',
    'python',
    'r',
    'ruby',
    'rust',
    'scala',
    'sh',
    'swift',
    -- For what is wrong in tierline.toml.
    'toml',
    'typescript',
    'typescriptreact',
    'zig',
  },
  -- The nearest of our own files wins over the repository's root, so that a part of a monorepo can be a workspace.
  root_markers = { 'tierline.toml', '.git' },
  -- A file outside any workspace has no index to ask, and a home directory is no workspace.
  workspace_required = true,
  commands = {
    ['tierline.server.rewrite'] = asking('Rewrite the selection: '),
    ['tierline.server.refactor'] = asking('Refactor across files: '),
  },
  -- Neovim tells a server of its own diagnostics alone; what other servers and linters say of the line is what there is to fix.
  on_init = function(client)
    local request = client.request
    client.request = function(self, method, params, ...)
      if method == 'textDocument/codeAction' and params.context then
        local place = { lnum = params.range.start.line }
        params.context.diagnostics = vim.lsp.diagnostic.from(vim.diagnostic.get(vim.uri_to_bufnr(params.textDocument.uri), place))
      end
      return request(self, method, params, ...)
    end
  end,
  settings = { tierline = vim.empty_dict() },
  init_options = { client = { status = true, rename = can_ask, references = can_ask } },
  handlers = {
    ['tierline/status'] = function(_, status)
      plugin('life', 'told', status)
    end,
    ['tierline/clientRename'] = function(...)
      return require('tierline.peer').rename(...)
    end,
    ['tierline/clientReferences'] = function(...)
      return require('tierline.peer').references(...)
    end,
    -- A plan is a Markdown file outside of the workspace, to which no server would be attached: without one it had no menu.
    ['window/showDocument'] = function(err, result, context, config)
      local shown = vim.lsp.handlers['window/showDocument'](err, result, context, config)
      local buffer = vim.uri_to_bufnr(result.uri)
      if result.uri:find('/tierline/plans/', 1, true) then
        vim.fn.bufload(buffer)
        vim.lsp.buf_attach_client(buffer, context.client_id)
      end
      plugin('folds', 'show', buffer)
      return shown
    end,
  },
  on_exit = function(code, signal)
    plugin('life', 'ended', code, signal)
  end,
}
