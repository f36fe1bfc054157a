-- The server's state, and what happens when it ends by itself: Neovim starts no server again.

local M = {}

-- Ends further back than this do not count, and after so many it is left alone.
local window_ms, most = 180000, 4
local first_delay_ms = 250
local ends = {}
local is_leaving = false

-- What the server last said of itself; nil while there is none.
M.status = nil

vim.api.nvim_create_autocmd('VimLeavePre', {
  group = vim.api.nvim_create_augroup('tierline.life', {}),
  callback = function()
    is_leaving = true
  end,
})

--- Takes what the server says of itself.
---@param status table?
function M.told(status)
  M.status = status
  vim.schedule(function()
    vim.api.nvim_exec_autocmds('User', { pattern = 'TierlineStatus', modeline = false })
    vim.cmd.redrawstatus({ bang = true })
  end)
end

--- Takes that the server has ended; may be called where little of the API may be.
---@param code integer
---@param signal integer
function M.ended(code, signal)
  M.status = nil
  -- 15 is what `client:stop(true)` sends.
  if is_leaving or (code == 0 and (signal == 0 or signal == 15)) then
    return
  end
  local now = vim.uv.now()
  ends = vim.tbl_filter(function(time)
    return now - time < window_ms
  end, ends)
  table.insert(ends, now)
  local count = #ends
  if count > most then
    vim.schedule(function()
      local text = 'Tierline: the server ended %d times within three minutes and is left alone; `:Tierline log`, then `:Tierline restart`'
      vim.notify(text:format(count), vim.log.levels.ERROR)
    end)
    return
  end
  vim.defer_fn(M.restart, first_delay_ms * 2 ^ (count - 1))
end

--- Stops the server where it runs, and starts it for every buffer that it understands.
function M.restart()
  vim.lsp.enable('tierline', false)
  vim.lsp.enable('tierline', true)
end

--- Forgets the ends: the user starts anew.
function M.forget()
  ends = {}
end

return M
