namespace Understudy.Common;

/// <summary>The mark of a folder whose content is not to be passed on.</summary>
internal static class Restricted
{
    /// <summary>The name of the marker.</summary>
    public const string FileName = "RESTRICTED";

    /// <summary>Marks a folder: it holds real images, or was trained on them and may show them.</summary>
    public static void Mark(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName),
        "Holds real images, or what was made from them and may show them: not to be passed on.\n");
}
