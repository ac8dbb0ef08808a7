using System.Globalization;
using System.Numerics;
using Parquet;
using Parquet.Schema;

namespace Understudy.Data;

/// <summary>
/// One Parquet file of labelled images, its claims checked before they are believed. Not for several threads at once.
/// </summary>
internal sealed class ParquetFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly ParquetReader _reader;
    private readonly ParquetColumns _columns;

    /// <exception cref="InvalidDataException">Not a sound Parquet file, or not one of images; the message names the
    /// file.</exception>
    public ParquetFile(string path, string? imageColumn, string? labelColumn)
    {
        Path = path;
        _stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            (_reader, _columns) = Guarded(() =>
            {
                ParquetGuard.CheckFooter(_stream);
                var reader = ParquetReader.CreateAsync(_stream, new ParquetOptions(), leaveStreamOpen: true).GetAwaiter()
                    .GetResult();
                ParquetGuard.CheckRows(reader.Metadata!);
                return (reader, ParquetColumns.Of(reader, imageColumn, labelColumn));
            });
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>Number of row groups.</summary>
    public int Groups => _reader.RowGroupCount;

    /// <summary>What numbers in the label column mean, or null.</summary>
    public IReadOnlyList<string>? LabelNames => _columns.Names;

    /// <summary>The packed images of a row group; null where a row has none.</summary>
    public byte[]?[] Images(int group) => Guarded(() =>
    {
        var images = new byte[]?[Checked(group, _columns.Image)];
        _reader.RowGroups[group].ReadAsync(_columns.Image, images.AsMemory()!).AsTask().GetAwaiter().GetResult();
        return images;
    });

    /// <summary>What the images were called; null where the file does not say.</summary>
    public string?[]? Paths(int group) => _columns.Path is { } path ? Guarded(() => Texts(group, path)) : null;

    /// <summary>The labels as text: a name, or a number; null where a row has none.</summary>
    public string?[] Labels(int group) =>
        Guarded(() =>
            ParquetColumns.IsText(_columns.Label) ? Texts(group, _columns.Label) : Type.GetTypeCode(_columns.Label.ClrType) switch
            {
                TypeCode.Int64 => Numbers<long>(group),
                TypeCode.Int32 => Numbers<int>(group),
                TypeCode.Int16 => Numbers<short>(group),
                TypeCode.Byte => Numbers<byte>(group),
                _ => Numbers<sbyte>(group),
            });

    public void Dispose()
    {
        _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _stream.Dispose();
    }

    private string?[] Texts(int group, DataField field)
    {
        var texts = new string?[Checked(group, field)];
        _reader.RowGroups[group].ReadAsync(field, texts.AsMemory()!).AsTask().GetAwaiter().GetResult();
        return texts;
    }

    private string?[] Numbers<T>(int group)
        where T : struct, INumber<T>
    {
        var rows = Checked(group, _columns.Label);
        var numbers = new T?[rows];
        if (_columns.Label.MaxDefinitionLevel > 0)
            _reader.RowGroups[group].ReadAsync<T>(_columns.Label, numbers.AsMemory()).AsTask().GetAwaiter().GetResult();
        else
        {
            var required = new T[rows];
            _reader.RowGroups[group].ReadAsync<T>(_columns.Label, required.AsMemory()).AsTask().GetAwaiter().GetResult();
            for (int i = 0; i < rows; i++) numbers[i] = required[i];
        }
        return [.. numbers.Select(n => n?.ToString(null, CultureInfo.InvariantCulture))];
    }

    private int Checked(int group, DataField field)
    {
        var rows = _reader.RowGroups[group].RowCount;
        var column = _reader.RowGroups[group].GetMetadata(field)?.MetaData
            ?? throw new InvalidDataException("lacks a column's description; write it anew");
        ParquetGuard.CheckPages(_stream, column, rows);
        return (int)rows;
    }

    /// <summary>
    /// Whatever a reader of other people's making throws at a damaged file is that file's fault, and says which it is.
    /// </summary>
    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{Path}: {e.Message}", e);
        }
        catch (Exception e)
        {
            throw new InvalidDataException($"{Path}: is damaged, or of a kind that is not read ({e.GetType().Name}: "
                + $"{e.Message.Split('\n')[0].TrimEnd('.')}); copy it again, or write it anew", e);
        }
    }
}
