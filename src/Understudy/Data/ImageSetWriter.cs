using Understudy.Common;

namespace Understudy.Data;

public static class ImageSetWriter
{
    public static void Write(string path, ImageSet set, string manifest, Func<int, IEnumerable<(string Key, string Text)>>? pngText,
        ProgressSink progress, bool overwrite = false) => throw new NotSupportedException();
}
