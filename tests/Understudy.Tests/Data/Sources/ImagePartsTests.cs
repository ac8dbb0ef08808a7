using Understudy.Common;
using Understudy.Data;
using Understudy.Tests.Training.Classification;

namespace Understudy.Tests.Data.Sources;

public sealed class ImagePartsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private List<ImageSet> Parts(string name, ImageReading reading,
        Func<IReadOnlyList<string>, Predicate<string>>? choose = null, long bytes = 1 << 28)
    {
        var parts = new List<ImageSet>();
        ImageSources.ReadInParts(_folder[name], reading, ProgressSink.None, new(parts.Add, choose, bytes));
        return parts;
    }

    [Fact]
    public void ReadInParts_MoreThanAPartHolds_AreTheSameImagesOneAfterAnother()
    {
        ImageSetFile.Save(_folder["set.safetensors"], Stripes.Draw(1100, side: 4));
        var reading = ImageReading.Square(6, 1);
        var whole = ImageSources.Read(_folder["set.safetensors"], reading, ProgressSink.None);
        var parts = Parts("set.safetensors", reading, bytes: 520 * 36);
        Assert.Equal([512, 512, 76], parts.Select(p => p.Count));
        Assert.Equal(whole.Ids, parts.SelectMany(p => p.Ids));
        Assert.Equal(whole.Labels, parts.SelectMany(p => p.Labels));
        Assert.Equal(whole.Pixels.ToArray(), parts.SelectMany(p => p.Pixels.ToArray()));
        Assert.Equal(1100, Parts("set.safetensors", reading).Single().Count);
    }

    [Theory, InlineData(4), InlineData(6)]
    public void ReadInParts_SomeThatAreChosen_AreReadAlone(int side)
    {
        ImageSetFile.Save(_folder["set.safetensors"], Stripes.Draw(20, side: 4));
        IReadOnlyList<string> listed = [];
        var part = Parts("set.safetensors", ImageReading.Square(side, 1), ids =>
        {
            listed = ids;
            return id => id is "s0003" or "s0011";
        }).Single();
        Assert.Equal(20, listed.Count);
        Assert.Equal(["s0003", "s0011"], part.Ids);
        Assert.Empty(Parts("set.safetensors", ImageReading.Square(side, 1), _ => _ => false));
    }

    [Fact]
    public void ReadInParts_OfAParquetSet_HasTheOrderOfTheWhole()
    {
        File.WriteAllBytes(_folder["set.parquet"], ParquetFiles.OfArrow("struct.parquet"));
        var whole = ImageSources.Read(_folder["set.parquet"], ImageReading.AsIs, ProgressSink.None);
        Assert.Equal(whole.Fingerprint, Parts("set.parquet", ImageReading.AsIs).Single().Fingerprint);
        var chosen = Parts("set.parquet", ImageReading.AsIs, _ => id => id is "face_01" or "face_05" or "face_00").Single();
        Assert.Equal(whole.Ids.Where(id => id is "face_01" or "face_05" or "face_00"), chosen.Ids);
        Assert.Equal(chosen.Ids.Select(id => whole.Labels[whole.IndexOf(id)]), chosen.Labels);
    }
}
