import { type ActiveUsers, ofBoard, wider } from "./active-users.ts";

const sums = ["post_count", "edit_count", "posts_length", "threads_created"];
const values = sums.join(", ");
const users = "(select distinct day, uid from baked_next.user_days)";

/** Per day × board, and per day over all boards: a user active in two boards counts once there. In the order in which they are read. */
export const dailyStats = (activeUsers: ActiveUsers) => `
  with ${ofBoard("day, bid", sums, "baked_next.user_days")}
  select day, bid, ${values}, ${activeUsers === "count" ? "active_users" : "0"} from (
    select day, bid, ${values}, active_users from of_board
    union all
    select day, 0, ${values}, active_users from ${wider("day", sums, users)}
  ) of_selection
  order by bid, day`;
