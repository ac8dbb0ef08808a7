using Understudy.Data;
using Understudy.Networks.StyleGan2;

namespace Understudy.Training;

/// <summary>
/// Floating-point operations of training, counted from shapes: convolutions and the large matrix products, a multiplication and
/// an addition counting as two. What lies between them (filters, scaling, noise, rectifiers, optimisers) is not counted.
/// </summary>
internal static class GanOperations
{
    /// <summary>One image's share of a training step.</summary>
    public static double PerImage(GanTrainingOptions o, ImageShape shape, int classes) =>
        Step(o, Generator(o.GeneratorFor(shape, classes)), Discriminator(o.DiscriminatorFor(shape, classes)));

    /// <summary>A generator's forward pass for one image, architecture "skip".</summary>
    public static double Generator(GeneratorOptions o)
    {
        var (total, inputs) = (2.0 * o.WDim * (o.ZDim + (o.LabelDim > 0 ? o.WDim : 0) + (o.MappingLayers - 1.0) * o.WDim), 0);
        foreach (var r in new Pyramid(o.Resolution, o.ChannelBase, o.ChannelMax).Resolutions)
        {
            double width = Math.Min(o.ChannelBase / r, o.ChannelMax), pixels = r * r;
            total += 18 * inputs * width * pixels / 4                                       // conv0, at the lower resolution
                + 18 * width * width * pixels + 2 * width * o.Channels * pixels             // conv1 and the image
                + 2 * o.WDim * (inputs + 2 * width);                                        // their styles
            inputs = (int)width;
        }
        return total;
    }

    /// <summary>A discriminator's forward pass for one image, architecture "resnet".</summary>
    public static double Discriminator(DiscriminatorOptions o)
    {
        var pyramid = new Pyramid(o.Resolution, o.ChannelBase, o.ChannelMax);
        double last = pyramid.ChannelsAt(pyramid.Base), area = pyramid.Base * pyramid.Base;
        var total = 2.0 * o.Channels * pyramid.ChannelsAt(o.Resolution) * o.Resolution * o.Resolution;
        foreach (var r in pyramid.Resolutions.Skip(1))
        {
            double width = pyramid.ChannelsAt(r), outputs = pyramid.ChannelsAt(r / 2), pixels = r * r;
            total += 18 * width * width * pixels + (18 + 2) * width * outputs * pixels / 4; // conv0; conv1 and the shortcut
        }
        return total + 18 * (last + o.StddevChannels) * last * area + 2 * last * last * area + 2 * last * last;
    }

    /// <summary>
    /// One image's share of a training step. A derivative in weights or in maps costs as much as the pass; a penalty on a
    /// gradient costs six passes (the pass, its derivative in the maps, and for both of them maps and weights).
    /// </summary>
    public static double Step(GanTrainingOptions o, double generator, double discriminator)
    {
        var penalties = (o.Gamma > 0 ? 6 * discriminator / o.R1Interval : 0)
            + (o.PathLengthInterval > 0 ? 6 * generator / 2 / o.PathLengthInterval : 0);
        return 3 * generator + 2 * discriminator + generator + 6 * discriminator + penalties;
    }
}
