using Understudy.Common;

namespace Understudy.Data;

public static class ImageSources
{
    public static ImageSet Read(string path, ImageReading options, ProgressSink progress) => Read(path, options, progress, out _);

    public static ImageSet Read(string path, ImageReading options, ProgressSink progress, out IReadOnlyList<SkippedFile> skipped) =>
        throw new NotSupportedException();
}
