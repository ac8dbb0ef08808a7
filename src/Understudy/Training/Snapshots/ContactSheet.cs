using Understudy.Common;
using Understudy.Data;
using Understudy.Networks.StyleGan2;
using static TorchSharp.torch;
using Generator = Understudy.Networks.StyleGan2.Generator;

namespace Understudy.Training;

/// <summary>
/// A grid of generated images, a row for each class, the same latents every time: how a generator grows, at a glance.
/// </summary>
internal static class ContactSheet
{
    public const int Columns = 10;

    /// <summary>Draws the generator with fixed noise, untruncated, and writes a PNG.</summary>
    /// <param name="classes">That the generator was trained on.</param>
    public static void Write(string path, Generator generator, int classes, Keys keys)
    {
        var o = generator.Options;
        var rows = o.LabelDim > 0 ? classes : 4;
        var shape = new ImageShape(o.Channels, o.Resolution, o.Resolution);
        var images = new List<ReadOnlyMemory<byte>>();
        for (int row = 0; row < rows; row++)
        {
            using var pause = CollectionPause.Begin();
            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            // The columns share their latents, so that a column shows one face in every class.
            var z = keys.Normal("sheet/z", o.LabelDim > 0 ? 0 : row, Columns, o.ZDim);
            var c = LabelEncoding.Encode([.. Enumerable.Repeat(row, Columns)], o.LabelDim, classes);
            var drawn = Pixels.ToBytes(generator.Synthesize(generator.Map(z, c), NoiseMode.Const));
            for (int i = 0; i < Columns; i++) images.Add(drawn.AsMemory(i * shape.Size, shape.Size));
        }
        var (pixels, whole) = ImageGrid.Of(images, shape, Columns);
        var mark = SyntheticMark.Of(GeneratorFile.HashOf(generator));
        AtomicFile.Write(path, s => s.Write(ImageCodec.EncodePng(pixels, whole, mark)));
    }
}
