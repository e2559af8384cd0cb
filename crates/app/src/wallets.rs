//! Users and their wallets.

mod cached_user_queries;
mod close_user;
mod opening;
mod register_user;
mod rename_user;
mod user_directory;
mod user_view;

pub use cached_user_queries::{CachedUserQueries, UserCaches};
pub use close_user::{CloseUser, CloseUserError, CloseUserHandler};
pub use register_user::{RegisterUser, RegisterUserError, RegisterUserHandler};
pub use rename_user::{RenameUser, RenameUserError, RenameUserHandler};
pub use user_directory::UserDirectory;
pub use user_view::{ShownUser, UserView};
