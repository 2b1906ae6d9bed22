"""The room that keeps a second copy of everything, and proves that it can be read back."""

from django.apps import AppConfig


class BackupsConfig(AppConfig):
    """Sao lưu và khôi phục."""

    name = "motcua.backups"
    label = "backups"

    def ready(self) -> None:
        """The room's own duties, where the settings name a folder for backups."""
        from motcua.backups import duties
        from motcua.config import env
        from motcua.dossiers.duties import Duty, register

        if env.read("MOTCUA_BACKUP") is not None:
            register(Duty("backup", duties.EVERY, duties.keep_up))
            register(Duty("drill", duties.EVERY, duties.practise))
