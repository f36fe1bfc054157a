-- Asking the server.

local M = {}

--- The server of the current buffer, else any.
---@return vim.lsp.Client?
function M.get()
  return vim.lsp.get_clients({ name = 'tierline', bufnr = 0 })[1] or vim.lsp.get_clients({ name = 'tierline' })[1]
end

--- Says something to the user.
function M.say(text, level)
  vim.notify('Tierline: ' .. text, level or vim.log.levels.INFO)
end

--- Sends a request, and calls back with its result unless it failed, which is said. Returns what cancels it.
---@return fun()?
function M.request(method, params, done)
  local client = M.get()
  if not client then
    M.say('no server runs for this buffer; `:checkhealth tierline` says why', vim.log.levels.WARN)
    return
  end
  local sent, id = client:request(method, params, function(err, result)
    if err then
      -- What was cancelled is no news.
      if err.code ~= vim.lsp.protocol.ErrorCodes.RequestCancelled and err.code ~= -32800 then
        M.say(err.message, vim.log.levels.ERROR)
      end
      return
    end
    done(result)
  end)
  return sent and function()
    client:cancel_request(id)
  end or nil
end

--- Has the server carry out one of its commands.
function M.execute(name, argument, done)
  local client = M.get()
  local command = 'tierline.server.' .. name
  local offered = client and vim.tbl_get(client.server_capabilities, 'executeCommandProvider', 'commands') or {}
  if client and not vim.tbl_contains(offered, command) then
    M.say('this server does not offer `' .. name .. '`; a newer one does', vim.log.levels.WARN)
    return
  end
  local argued = vim.tbl_extend('force', { v = 1 }, argument)
  M.request('workspace/executeCommand', { command = command, arguments = { argued } }, done or function() end)
end

--- The document and the position of the cursor, in the server's unit.
function M.place()
  local client = M.get()
  local params = vim.lsp.util.make_position_params(0, client and client.offset_encoding or 'utf-16')
  return { uri = params.textDocument.uri, position = params.position }
end

--- Runs the program beside the server and calls back with what it printed.
function M.run(arguments, done)
  local config = vim.lsp.config.tierline or {}
  local program = type(config.cmd) == 'table' and config.cmd[1] or 'tierline'
  local client = M.get()
  local options = { text = true, cwd = client and client.root_dir or nil, env = { NO_COLOR = '1' } }
  local started, problem = pcall(vim.system, vim.list_extend({ program }, arguments), options, vim.schedule_wrap(done))
  if not started then
    M.say(('`%s` does not run: %s'):format(program, problem), vim.log.levels.ERROR)
  end
end

return M
